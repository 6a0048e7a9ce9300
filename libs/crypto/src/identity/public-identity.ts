import { type KeyFingerprint } from '@fedistl/core';
import { fromBase64, toBase64 } from '../encoding/base64';
import { KeyError } from '../crypto.errors';
import { sha256Hex } from '../hash/sha256';
import { type Ed25519PublicKey, parseEd25519PublicKey } from './ed25519';
import { parseX25519PublicKey, type X25519PublicKey } from './x25519';

/**
 * What the others know of a party: its name and its two public keys. Secrets stay in `Identity`.
 */
export interface PublicIdentity {
  /** 1 to 128 characters; also the key name in checkpoints and cosignatures. */
  readonly name: string;
  /** SHA-256 of the signing key, 64 hexadecimal digits: the `keyid` in envelopes. */
  readonly keyId: KeyFingerprint;
  readonly signingKey: Ed25519PublicKey;
  readonly boxKey: X25519PublicKey;
}

/** The JSON form of a `PublicIdentity`: what enrolment sends and a site pins. */
export interface PublicIdentityJson {
  readonly format: 'fedistl-identity/1';
  readonly name: string;
  /** Ed25519 public key, base64. */
  readonly signingKey: string;
  /** X25519 public key, base64. */
  readonly boxKey: string;
}

/** Letters, digits and . _ - / between: a site name, or a schema-less URL as C2SP asks of a log. No space, no plus. */
const namePattern = /^[a-z0-9](?:[a-z0-9._/-]{0,126}[a-z0-9])?$/;

/** @throws KeyError `KEY.INVALID_NAME` */
export function checkIdentityName(name: string, field = 'name'): string {
  if (namePattern.test(name)) return name;
  throw new KeyError(
    'KEY.INVALID_NAME',
    `${field}: expected 1 to 128 characters of a-z, 0-9, '.', '_', '-' and '/', first and last a letter or digit`,
    { details: { field } },
  );
}

/** SHA-256 of a public signing key in hexadecimal. */
export function keyIdOf(signingKey: Ed25519PublicKey): KeyFingerprint {
  return sha256Hex(signingKey) as KeyFingerprint;
}

export function createPublicIdentity(
  name: string,
  signingKey: Ed25519PublicKey,
  boxKey: X25519PublicKey,
): PublicIdentity {
  return { name: checkIdentityName(name), keyId: keyIdOf(signingKey), signingKey, boxKey };
}

/** A JSON value; key order is that of the interface, `canonicalJson` sorts it where it is signed. */
export function publicIdentityToJson(identity: PublicIdentity): PublicIdentityJson {
  return {
    format: 'fedistl-identity/1',
    name: identity.name,
    signingKey: toBase64(identity.signingKey),
    boxKey: toBase64(identity.boxKey),
  };
}

/**
 * A public identity from an untrusted JSON value. Unknown fields are refused.
 *
 * @param field where the value stands, for the message
 * @throws KeyError `KEY.INVALID_IDENTITY`, `KEY.INVALID_NAME`, `KEY.INVALID_SIGNING_KEY`, `KEY.INVALID_BOX_KEY`,
 *   `KEY.SMALL_ORDER`; EncodingError `ENCODING.BASE64`
 */
export function parsePublicIdentity(value: unknown, field = 'identity'): PublicIdentity {
  const fields = ['format', 'name', 'signingKey', 'boxKey'] as const;
  const refuse = (where: string, expected: string): never => {
    throw new KeyError('KEY.INVALID_IDENTITY', `${where}: expected ${expected}`, { details: { field: where } });
  };
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(field, 'an object');
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) {
    if (!(fields as readonly string[]).includes(key)) refuse(`${field}.${key}`, 'no such field');
  }
  const text = (key: (typeof fields)[number]): string => {
    const found = record[key];
    return typeof found === 'string' ? found : refuse(`${field}.${key}`, 'a text');
  };
  if (text('format') !== 'fedistl-identity/1') refuse(`${field}.format`, '"fedistl-identity/1"');
  const key = (name: 'signingKey' | 'boxKey') => fromBase64(text(name), { field: `${field}.${name}` });
  return createPublicIdentity(
    checkIdentityName(text('name'), `${field}.name`),
    parseEd25519PublicKey(key('signingKey'), `${field}.signingKey`),
    parseX25519PublicKey(key('boxKey'), `${field}.boxKey`),
  );
}

/** Whether both are the same keys under the same name. */
export function samePublicIdentity(a: PublicIdentity, b: PublicIdentity): boolean {
  return a.name === b.name && a.keyId === b.keyId && toBase64(a.boxKey) === toBase64(b.boxKey);
}
