import { canonicalBytes, type KeyFingerprint } from '@fedistl/core';
import { decodeUtf8, equalBytes } from '../encoding/bytes';
import { fromBase64 } from '../encoding/base64';
import { EnvelopeError } from '../crypto.errors';
import { type Ed25519Verifier, verifyEd25519 } from '../identity/ed25519';
import { type PublicIdentity } from '../identity/public-identity';
import { type Envelope } from './envelope';
import { preAuthenticationEncoding } from './pae';
import { type PayloadType } from './payload-type';

export interface EnvelopeTrust {
  /** The type that the caller is about to read; an envelope of any other type does not verify. */
  readonly payloadType: PayloadType;
  /** Keys whose signatures count. Pass only keys that are in force: see `KeyHistory` for rotation and revocation. */
  readonly keys: readonly PublicIdentity[];
  /** How many different keys must have signed; 1 unless given. */
  readonly threshold?: number;
  /** Another strict Ed25519 verifier, such as `verifyEd25519Native` of '@fedistl/crypto/node'. */
  readonly verify?: Ed25519Verifier;
}

/**
 * The trusted keys that signed this envelope, each counted once however many signatures or key ids name it
 * ("unique trusted public keys", DSSE v1). Order is that of `trust.keys`. Empty for another payload type.
 */
export function envelopeSigners(envelope: Envelope, trust: EnvelopeTrust): KeyFingerprint[] {
  if (envelope.payloadType !== trust.payloadType) return [];
  const verify = trust.verify ?? verifyEd25519;
  const signed = preAuthenticationEncoding(envelope.payloadType, fromBase64(envelope.payload));
  const signers = trust.keys.filter((key) =>
    envelope.signatures.some(
      ({ keyid, sig }) => keyid === key.keyId && verify(signed, fromBase64(sig), key.signingKey),
    ),
  );
  return [...new Set(signers.map((key) => key.keyId))];
}

/** Whether at least `threshold` of the trusted keys signed the envelope and it is of the expected type. */
export function verifyEnvelope(envelope: Envelope, trust: EnvelopeTrust): boolean {
  return meetsThreshold(envelopeSigners(envelope, trust), trust);
}

function meetsThreshold(signers: readonly KeyFingerprint[], trust: EnvelopeTrust): boolean {
  const threshold = trust.threshold ?? 1;
  if (!Number.isInteger(threshold) || threshold < 1) {
    throw new EnvelopeError('ENVELOPE.THRESHOLD', `threshold: expected a whole number from 1, got ${threshold}`);
  }
  return signers.length >= threshold;
}

export type OpenedEnvelope =
  | { readonly verified: true; readonly payload: unknown; readonly signers: readonly KeyFingerprint[] }
  | { readonly verified: false };

/**
 * Verifies, then reads. The payload is out of reach unless the signatures hold.
 *
 * @throws EnvelopeError `ENVELOPE.PAYLOAD` when a verified payload is not canonical JSON
 */
export function openEnvelope(envelope: Envelope, trust: EnvelopeTrust): OpenedEnvelope {
  const signers = envelopeSigners(envelope, trust);
  if (!meetsThreshold(signers, trust)) return { verified: false };
  return { verified: true, payload: readPayload(envelope), signers };
}

/**
 * The payload without looking at a signature: to learn who claims to have signed, or to show what was refused.
 *
 * @throws EnvelopeError `ENVELOPE.PAYLOAD` when it is not canonical JSON
 */
export function readPayload(envelope: Envelope): unknown {
  const field = 'envelope.payload';
  const bytes = fromBase64(envelope.payload, { field });
  const text = decodeUtf8(bytes);
  let cause: unknown = 'not UTF-8';
  if (text !== undefined) {
    try {
      const payload: unknown = JSON.parse(text);
      if (equalBytes(canonicalBytes(payload), bytes)) return payload;
      cause = 'another spelling of the same value';
    } catch (error) {
      cause = error; // Not JSON, or a value that canonical JSON cannot hold.
    }
  }
  throw new EnvelopeError('ENVELOPE.PAYLOAD', `${field}: expected canonical JSON (RFC 8785) in UTF-8`, {
    details: { field },
    cause,
  });
}
