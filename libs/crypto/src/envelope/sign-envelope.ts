import { canonicalBytes } from '@fedistl/core';
import { fromBase64, toBase64 } from '../encoding/base64';
import { EnvelopeError } from '../crypto.errors';
import { type Signer } from '../identity/identity';
import { type Envelope, type EnvelopeSignature, maximumSignatures } from './envelope';
import { preAuthenticationEncoding } from './pae';
import { type PayloadType } from './payload-type';

/**
 * A DSSE v1 envelope over the canonical JSON (RFC 8785) of `payload`.
 *
 * @param type what the payload is; made by `payloadType(kind, version)`
 * @param payload any JSON value
 * @param signers one or several, each with its own key
 * @throws EnvelopeError `ENVELOPE.SIGNERS` without a signer, with too many, or with one key twice
 */
export function createEnvelope(type: PayloadType, payload: unknown, signers: Signer | readonly Signer[]): Envelope {
  const all = 'sign' in signers ? [signers] : signers;
  const bytes = canonicalBytes(payload);
  checkSigners(all.map((signer) => signer.public.keyId));
  const signed = preAuthenticationEncoding(type, bytes);
  return {
    payloadType: type,
    payload: toBase64(bytes),
    signatures: all.map((signer) => signatureBy(signer, signed)),
  };
}

/**
 * The same envelope with one signature more, such as a second approval of a plan.
 *
 * @throws EnvelopeError `ENVELOPE.SIGNERS` when the signer's key has signed already
 */
export function addSignature(envelope: Envelope, signer: Signer): Envelope {
  checkSigners([...envelope.signatures.map((signature) => signature.keyid), signer.public.keyId]);
  const signed = preAuthenticationEncoding(envelope.payloadType, fromBase64(envelope.payload));
  return { ...envelope, signatures: [...envelope.signatures, signatureBy(signer, signed)] };
}

function signatureBy(signer: Signer, signed: Uint8Array): EnvelopeSignature {
  return { keyid: signer.public.keyId, sig: toBase64(signer.sign(signed)) };
}

function checkSigners(keyIds: readonly string[]): void {
  const different = new Set(keyIds).size;
  if (keyIds.length > 0 && keyIds.length <= maximumSignatures && different === keyIds.length) return;
  throw new EnvelopeError(
    'ENVELOPE.SIGNERS',
    `expected 1 to ${maximumSignatures} different signing keys, got ${keyIds.length} signatures by ${different}`,
  );
}
