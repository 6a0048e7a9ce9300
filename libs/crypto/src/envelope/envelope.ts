import { type KeyFingerprint } from '@fedistl/core';
import { fromBase64, toBase64 } from '../encoding/base64';
import { EncodingError, EnvelopeError } from '../crypto.errors';
import { ed25519SignatureLength } from '../identity/ed25519';

/** One signature of an envelope. `keyid` is a hint which key to try and proves nothing. */
export interface EnvelopeSignature {
  readonly keyid: KeyFingerprint;
  /** 64-byte Ed25519 signature over the pre-authentication encoding, base64. */
  readonly sig: string;
}

/** A DSSE v1 envelope in its JSON form. */
export interface Envelope {
  readonly payloadType: string;
  /** Payload bytes, base64. In fedistl they are canonical JSON (RFC 8785). */
  readonly payload: string;
  readonly signatures: readonly EnvelopeSignature[];
}

/** More signatures than any study has parties; bounds the work that an envelope from outside can cause. */
export const maximumSignatures = 64;

/**
 * An envelope from an untrusted JSON value: its form, not its signatures. Unknown fields are refused.
 * Both base64 alphabets are read; the result holds the standard one, so that an envelope has one spelling.
 *
 * @throws EnvelopeError `ENVELOPE.MALFORMED`, naming the field
 */
export function parseEnvelope(value: unknown, field = 'envelope'): Envelope {
  const record = object(value, field, ['payloadType', 'payload', 'signatures']);
  const signatures = record['signatures'];
  if (!Array.isArray(signatures) || signatures.length === 0 || signatures.length > maximumSignatures) {
    throw malformed(`${field}.signatures`, `1 to ${maximumSignatures} signatures`);
  }
  return {
    payloadType: text(record, 'payloadType', field),
    payload: toBase64(base64(record, 'payload', field)),
    signatures: signatures.map((item, i) => parseSignature(item, `${field}.signatures[${i}]`)),
  };
}

function parseSignature(value: unknown, field: string): EnvelopeSignature {
  const record = object(value, field, ['keyid', 'sig']);
  const keyid = text(record, 'keyid', field);
  if (!/^[0-9a-f]{64}$/.test(keyid)) throw malformed(`${field}.keyid`, '64 lower-case hexadecimal digits');
  return { keyid: keyid as KeyFingerprint, sig: toBase64(base64(record, 'sig', field, ed25519SignatureLength)) };
}

function object(value: unknown, field: string, fields: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(field, 'an object');
  for (const key of Object.keys(value)) if (!fields.includes(key)) throw malformed(`${field}.${key}`, 'no such field');
  return value as Record<string, unknown>;
}

function text(record: Record<string, unknown>, key: string, field: string): string {
  const found = record[key];
  if (typeof found !== 'string') throw malformed(`${field}.${key}`, 'a text');
  return found;
}

function base64(record: Record<string, unknown>, key: string, field: string, length?: number): Uint8Array {
  const options = { field: `${field}.${key}`, urlSafe: true, ...(length === undefined ? {} : { length }) };
  try {
    return fromBase64(text(record, key, field), options);
  } catch (cause) {
    if (!(cause instanceof EncodingError)) throw cause;
    throw new EnvelopeError('ENVELOPE.MALFORMED', cause.message, { cause, details: cause.details });
  }
}

function malformed(field: string, expected: string): EnvelopeError {
  return new EnvelopeError('ENVELOPE.MALFORMED', `${field}: expected ${expected}`, { details: { field } });
}
