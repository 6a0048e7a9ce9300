import { scryptAsync } from '@noble/hashes/scrypt';
import { KeyFileError } from '../crypto.errors';

/** How dear one guess at a passphrase is (RFC 7914). Memory is 128 * r * N bytes. */
export interface ScryptParameters {
  /** CPU and memory cost, a power of two. */
  readonly N: number;
  /** Block size; always 8. */
  readonly r: number;
  /** Parallelism; always 1. */
  readonly p: number;
  readonly salt: Uint8Array;
}

/** Stretches a secret to 32 bytes. '@fedistl/crypto/node' has the native one. */
export type Scrypt = (secret: Uint8Array, parameters: ScryptParameters) => Promise<Uint8Array>;

/** scrypt in portable JavaScript. */
export const portableScrypt: Scrypt = (secret, { N, r, p, salt }) => scryptAsync(secret, salt, { N, r, p, dkLen: 32 });

/** 128 MiB and about half a second a guess: for passphrases, which people choose. */
export const passphraseCost = 2 ** 17;

/** 16 MiB: for secrets of 32 random bytes, which nobody can guess at any price; also the least that is opened. */
export const secretCost = 2 ** 14;

/** 1 GiB: more is refused, for a key file must not be able to exhaust the memory of whoever opens it. */
const maximumCost = 2 ** 20;

export const saltLength = 32;

/** @throws KeyFileError `KEY_FILE.KDF` when the parameters are too cheap, too dear or of another shape */
export function checkScryptParameters(parameters: ScryptParameters): ScryptParameters {
  const { N, r, p, salt } = parameters;
  const powers = Array.from({ length: 7 }, (_, i) => secretCost * 2 ** i);
  if (powers.includes(N) && r === 8 && p === 1 && salt.length === saltLength) return parameters;
  const expected = `scrypt with N a power of two from ${secretCost} to ${maximumCost}, r 8, p 1 and a salt of ${saltLength} bytes`;
  throw new KeyFileError(
    'KEY_FILE.KDF',
    `kdf: expected ${expected}, got N ${N}, r ${r}, p ${p}, salt of ${salt.length}`,
  );
}
