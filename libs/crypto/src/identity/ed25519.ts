import nacl from 'tweetnacl';
import { type Branded } from '@fedistl/core';
import { KeyError } from '../crypto.errors';
import { isOnEdwardsCurve, isReducedPoint, isReducedScalar, isSmallOrder } from './edwards25519';

/** 32 bytes that encode a point of edwards25519 in the one canonical way and generate more than a small subgroup. */
export type Ed25519PublicKey = Branded<Uint8Array, 'Ed25519PublicKey'>;

export const ed25519SeedLength = 32;
export const ed25519PublicKeyLength = 32;
export const ed25519SignatureLength = 64;

/** The signing key pair of a 32-byte seed (RFC 8032 section 5.1.5). `secretKey` is tweetnacl's 64 bytes: seed, public key. */
export function ed25519KeyPair(seed: Uint8Array): { publicKey: Ed25519PublicKey; secretKey: Uint8Array } {
  if (seed.length !== ed25519SeedLength) {
    throw new KeyError('KEY.INVALID_SEED', `signing seed: expected ${ed25519SeedLength} bytes, got ${seed.length}`);
  }
  const pair = nacl.sign.keyPair.fromSeed(seed);
  return { publicKey: pair.publicKey as Ed25519PublicKey, secretKey: pair.secretKey };
}

/**
 * A public signing key from untrusted bytes.
 *
 * @throws KeyError `KEY.INVALID_SIGNING_KEY` when they are not 32, not the canonical encoding of a point, or a point of
 *   small order (for which anybody can make signatures)
 */
export function parseEd25519PublicKey(bytes: Uint8Array, field = 'signing key'): Ed25519PublicKey {
  const refuse = (expected: string): never => {
    throw new KeyError('KEY.INVALID_SIGNING_KEY', `${field}: expected ${expected}`, { details: { field } });
  };
  if (bytes.length !== ed25519PublicKeyLength) refuse(`${ed25519PublicKeyLength} bytes, got ${bytes.length}`);
  if (isSmallOrder(bytes)) refuse('a point of large order');
  if (!isOnEdwardsCurve(bytes)) refuse('the canonical encoding of a point on edwards25519');
  return Uint8Array.from(bytes) as Ed25519PublicKey;
}

/** The 64-byte Ed25519 signature (RFC 8032, PureEdDSA) by a 64-byte secret key as `ed25519KeyPair` gives it. */
export function signEd25519(message: Uint8Array, secretKey: Uint8Array): Uint8Array {
  return nacl.sign.detached(message, secretKey);
}

/** The form of an Ed25519 verification: true, or false for whatever is wrong. */
export type Ed25519Verifier = (message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array) => boolean;

/**
 * Whether a public key could be the author of a signature at all, before any curve arithmetic: lengths, S below the group
 * order, neither R nor the key of small order, the key canonical.
 *
 * tweetnacl's own verification takes S + L for S, and keys of small order, so that a second valid signature can be made
 * from a first without the key. With these checks a signature has one spelling and one author (as `verify_strict`
 * elsewhere; "Taming the many EdDSAs", IACR ePrint 2020/1244).
 */
export function isStrictEd25519Input(signature: Uint8Array, publicKey: Uint8Array): boolean {
  return (
    signature.length === ed25519SignatureLength &&
    publicKey.length === ed25519PublicKeyLength &&
    isReducedScalar(signature.subarray(32)) &&
    !isSmallOrder(signature.subarray(0, 32)) &&
    isReducedPoint(publicKey) &&
    !isSmallOrder(publicKey)
  );
}

/** Strict Ed25519 verification (RFC 8032 section 5.1.7, without the cofactor) by tweetnacl. Never throws. */
export const verifyEd25519: Ed25519Verifier = (message, signature, publicKey) =>
  isStrictEd25519Input(signature, publicKey) && nacl.sign.detached.verify(message, signature, publicKey);
