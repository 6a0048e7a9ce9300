import nacl from 'tweetnacl';
import { type Branded } from '@fedistl/core';
import { KeyError } from '../crypto.errors';

/** 32 bytes: the u-coordinate of a Curve25519 point that is not of small order (RFC 7748). */
export type X25519PublicKey = Branded<Uint8Array, 'X25519PublicKey'>;

export const x25519KeyLength = 32;

/** The public key of a 32-byte secret (RFC 7748 section 6.1). */
export function x25519PublicKey(secretKey: Uint8Array): X25519PublicKey {
  checkLength(secretKey, 'box secret');
  return nacl.scalarMult.base(secretKey) as X25519PublicKey;
}

/**
 * The raw shared secret of a secret and a public key. Derive keys from it with a KDF; do not use it as a key.
 *
 * @throws KeyError `KEY.SMALL_ORDER` when the result is all zero, that is, when the public key is a point of small order,
 *   which tweetnacl lets through (RFC 7748 section 6.1 leaves the check to the caller)
 */
export function x25519(secretKey: Uint8Array, publicKey: Uint8Array): Uint8Array {
  checkLength(secretKey, 'box secret');
  checkLength(publicKey, 'box key');
  const shared = nacl.scalarMult(secretKey, publicKey);
  if (shared.every((byte) => byte === 0)) {
    throw new KeyError('KEY.SMALL_ORDER', 'box key: expected a point of large order, got one of small order');
  }
  return shared;
}

/**
 * A public box key from untrusted bytes.
 *
 * @throws KeyError `KEY.INVALID_BOX_KEY` when they are not 32 bytes, `KEY.SMALL_ORDER` for a point of small order
 */
export function parseX25519PublicKey(bytes: Uint8Array, field = 'box key'): X25519PublicKey {
  checkLength(bytes, field);
  // A clamped scalar is a multiple of the cofactor 8, so any one of them sends exactly the small-order points to zero.
  x25519(new Uint8Array(x25519KeyLength).fill(1), bytes);
  return Uint8Array.from(bytes) as X25519PublicKey;
}

function checkLength(bytes: Uint8Array, field: string): void {
  if (bytes.length === x25519KeyLength) return;
  throw new KeyError('KEY.INVALID_BOX_KEY', `${field}: expected ${x25519KeyLength} bytes, got ${bytes.length}`, {
    details: { field },
  });
}
