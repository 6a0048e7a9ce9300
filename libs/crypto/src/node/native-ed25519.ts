import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type Ed25519Verifier, isStrictEd25519Input } from '../identity/ed25519';

/** Keys parsed so far; parsing costs as much as a verification. Emptied when full, for it only saves time. */
const parsed = new Map<string, KeyObject>();
const maximumParsed = 256;

/**
 * Strict Ed25519 verification by node:crypto, with the same answer as `verifyEd25519` in a sixtieth of the time
 * (about 0.1 ms instead of 6 ms). For whoever checks many signatures: ledger exports, rounds of many sites.
 */
export const verifyEd25519Native: Ed25519Verifier = (message, signature, publicKey) =>
  isStrictEd25519Input(signature, publicKey) && verify(null, message, keyObject(publicKey), signature);

function keyObject(publicKey: Uint8Array): KeyObject {
  const x = Buffer.from(publicKey).toString('base64url');
  const known = parsed.get(x);
  if (known !== undefined) return known;
  if (parsed.size >= maximumParsed) parsed.clear();
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  parsed.set(x, key);
  return key;
}
