import { fromBase64, toBase64 } from '../encoding/base64';
import { KeyFileError } from '../crypto.errors';
import { parsePublicIdentity, type PublicIdentity, publicIdentityToJson } from '../identity/public-identity';
import { checkScryptParameters, type ScryptParameters } from './scrypt';
import { type UnlockSecret } from './unlock-secret';

/** A key file's content, parsed. Only the holder of the unlock secret can tell whether `public` is true to it. */
export interface SealedIdentity {
  readonly public: PublicIdentity;
  /** Which kind of secret opens it. */
  readonly unlock: UnlockSecret['kind'];
  readonly kdf: ScryptParameters;
  /** 24-byte nonce and secretbox. */
  readonly sealed: Uint8Array;
}

const format = 'fedistl-key/1';

/** All but the box, as JSON: these fields are bound to the box through its key. */
export function sealedHeader(file: Omit<SealedIdentity, 'sealed'>): Record<string, unknown> {
  const { N, r, p, salt } = file.kdf;
  return {
    format,
    public: publicIdentityToJson(file.public),
    unlock: file.unlock,
    kdf: { name: 'scrypt', N, r, p, salt: toBase64(salt) },
  };
}

/** The file's text: indented JSON, for people look at it. */
export function formatSealedIdentity(file: SealedIdentity): string {
  return `${JSON.stringify({ ...sealedHeader(file), sealed: toBase64(file.sealed) }, null, 2)}\n`;
}

/**
 * @throws KeyFileError `KEY_FILE.MALFORMED`, naming the field, or `KEY_FILE.KDF`; KeyError and EncodingError for the
 *   identity and the base64 fields
 */
export function parseSealedIdentity(text: string): SealedIdentity {
  const file = object(parseJson(text), 'key file', ['format', 'public', 'unlock', 'kdf', 'sealed']);
  if (file['format'] !== format) throw malformed('format', `"${format}"`);
  const unlock = file['unlock'];
  if (unlock !== 'passphrase' && unlock !== 'secret') throw malformed('unlock', '"passphrase" or "secret"');
  const kdf = object(file['kdf'], 'kdf', ['name', 'N', 'r', 'p', 'salt']);
  if (kdf['name'] !== 'scrypt') throw malformed('kdf.name', '"scrypt"');
  const { N, r, p, salt } = kdf;
  if (typeof N !== 'number' || typeof r !== 'number' || typeof p !== 'number')
    throw malformed('kdf', 'numbers N, r, p');
  return {
    public: parsePublicIdentity(file['public'], 'public'),
    unlock,
    kdf: checkScryptParameters({ N, r, p, salt: fromBase64(string(salt, 'kdf.salt'), { field: 'kdf.salt' }) }),
    sealed: fromBase64(string(file['sealed'], 'sealed'), { field: 'sealed' }),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new KeyFileError('KEY_FILE.MALFORMED', 'key file: expected JSON', { cause });
  }
}

function object(value: unknown, field: string, fields: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(field, 'an object');
  for (const key of Object.keys(value)) if (!fields.includes(key)) throw malformed(`${field}.${key}`, 'no such field');
  return value as Record<string, unknown>;
}

function string(value: unknown, field: string): string {
  if (typeof value !== 'string') throw malformed(field, 'a text');
  return value;
}

function malformed(field: string, expected: string): KeyFileError {
  return new KeyFileError('KEY_FILE.MALFORMED', `${field}: expected ${expected}`, { details: { field } });
}
