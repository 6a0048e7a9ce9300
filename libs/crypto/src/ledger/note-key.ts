import { concatBytes, utf8 } from '../encoding/bytes';
import { EncodingError, KeyError, LedgerError } from '../crypto.errors';
import { fromBase64, toBase64 } from '../encoding/base64';
import { toHex } from '../encoding/hex';
import { sha256 } from '../hash/sha256';
import { type Ed25519PublicKey, parseEd25519PublicKey } from '../identity/ed25519';
import { type PublicIdentity } from '../identity/public-identity';

/** What a signature line of a note means; the byte is its signature type in c2sp.org/signed-note. */
export const noteKeyTypes = { log: 0x01, witness: 0x04 } as const;
export type NoteKeyType = keyof typeof noteKeyTypes;

/** A key that signs notes: a log's (plain Ed25519) or a witness's (timestamped cosignature/v1). */
export interface NoteKey {
  readonly name: string;
  readonly type: NoteKeyType;
  readonly publicKey: Ed25519PublicKey;
  /** First 4 bytes of SHA-256(name | LF | type byte | key), as 8 hexadecimal digits. */
  readonly id: string;
}

/** Whether a text may be a key name: not empty, without white space, control characters and plus signs. */
export function isNoteKeyName(name: string): boolean {
  return /^[^\s+\p{Cc}]+$/u.test(name);
}

/** @throws LedgerError `LEDGER.NOTE_KEY` when the name is not fit for a note */
export function createNoteKey(name: string, type: NoteKeyType, publicKey: Ed25519PublicKey): NoteKey {
  if (!isNoteKeyName(name)) throw noteKeyError('a name without spaces and plus signs');
  const hash = sha256(concatBytes(utf8(`${name}\n`), Uint8Array.of(noteKeyTypes[type]), publicKey));
  return { name, type, publicKey, id: toHex(hash.subarray(0, 4)) };
}

/** The note key of an identity, under its own name. */
export function noteKeyOf(identity: PublicIdentity, type: NoteKeyType): NoteKey {
  return createNoteKey(identity.name, type, identity.signingKey);
}

/** `name+id+base64(type byte | key)`: the verifier key format that transparency-log tools share. */
export function formatNoteKey(key: NoteKey): string {
  return `${key.name}+${key.id}+${toBase64(concatBytes(Uint8Array.of(noteKeyTypes[key.type]), key.publicKey))}`;
}

/** @throws LedgerError `LEDGER.NOTE_KEY` when the text is not a verifier key of type 0x01 or 0x04, or its id is wrong */
export function parseNoteKey(text: string): NoteKey {
  const parts = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text.trim());
  const [, name = '', id = '', encoded = ''] = parts ?? [];
  if (parts === null) throw noteKeyError('name+id+key with an id of 8 hexadecimal digits');
  const bytes = decode(encoded);
  const type = (Object.keys(noteKeyTypes) as NoteKeyType[]).find((each) => noteKeyTypes[each] === bytes[0]);
  if (type === undefined) throw noteKeyError(`a key of type 1 (log) or 4 (witness), got type ${bytes[0] ?? 'none'}`);
  const key = createNoteKey(name, type, publicKey(bytes.subarray(1)));
  if (key.id !== id) throw noteKeyError(`the id ${key.id} that belongs to name and key, got ${id}`);
  return key;
}

function decode(encoded: string): Uint8Array {
  try {
    return fromBase64(encoded, { field: 'note key' });
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause;
    throw noteKeyError('base64 after the second plus sign', cause);
  }
}

function publicKey(bytes: Uint8Array): Ed25519PublicKey {
  try {
    return parseEd25519PublicKey(bytes, 'note key');
  } catch (cause) {
    if (!(cause instanceof KeyError)) throw cause;
    throw noteKeyError('an Ed25519 public key', cause);
  }
}

function noteKeyError(expected: string, cause?: unknown): LedgerError {
  return new LedgerError('LEDGER.NOTE_KEY', `note key: expected ${expected}`, cause === undefined ? {} : { cause });
}
