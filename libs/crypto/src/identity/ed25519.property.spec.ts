import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { verifyEd25519Native } from '../node/native-ed25519';
import { toHex } from '../encoding/hex';
import { ed25519KeyPair, parseEd25519PublicKey, signEd25519, verifyEd25519 } from './ed25519';

const numRuns = process.env['SLOW'] === undefined ? 6 : 200;
const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
const messages = fc.uint8Array({ maxLength: 200 });

describe('Ed25519, for any seed and message', () => {
  it('verifies what it signed, here and in node:crypto, and parses its own keys', () => {
    fc.assert(
      fc.property(seeds, messages, (seed, message) => {
        const { publicKey, secretKey } = ed25519KeyPair(seed);
        const signature = signEd25519(message, secretKey);
        expect(verifyEd25519(message, signature, publicKey)).toBe(true);
        expect(verifyEd25519Native(message, signature, publicKey)).toBe(true);
        expect(parseEd25519PublicKey(publicKey)).toEqual(publicKey);
      }),
      { numRuns },
    );
  });

  it('makes the same signature as node:crypto', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const pair = generateKeyPairSync('ed25519');
        const seed = Buffer.from(pair.privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
        const ours = signEd25519(message, ed25519KeyPair(Uint8Array.from(seed)).secretKey);
        expect(toHex(ours)).toBe(sign(null, message, pair.privateKey).toString('hex'));
      }),
      { numRuns },
    );
  });

  it('answers like node:crypto for any bytes at all', () => {
    const bytes = fc.uint8Array({ minLength: 64, maxLength: 64 });
    fc.assert(
      fc.property(messages, bytes, seeds, (message, signature, key) => {
        expect(verifyEd25519(message, signature, key)).toBe(false);
        expect(verifyEd25519Native(message, signature, key)).toBe(false);
      }),
      { numRuns },
    );
  });

  it('refuses a signature, key or message with any one bit changed', () => {
    const { publicKey, secretKey } = ed25519KeyPair(new Uint8Array(32).fill(7));
    const message = Uint8Array.from({ length: 40 }, (_, i) => i);
    const signature = signEd25519(message, secretKey);
    const flipped = (bytes: Uint8Array, bit: number) => {
      const copy = Uint8Array.from(bytes);
      copy[bit >> 3] = copy[bit >> 3]! ^ (1 << (bit & 7));
      return copy;
    };
    // Every bit by node:crypto, for tweetnacl takes milliseconds a piece; every second byte by both.
    for (let bit = 0; bit < 512; bit++) {
      expect(verifyEd25519Native(message, flipped(signature, bit), publicKey)).toBe(false);
      if (bit % 16 === 3) expect(verifyEd25519(message, flipped(signature, bit), publicKey)).toBe(false);
    }
    for (let bit = 0; bit < 256; bit++) {
      expect(verifyEd25519Native(message, signature, flipped(publicKey, bit))).toBe(false);
      if (bit % 16 === 5) expect(verifyEd25519(message, signature, flipped(publicKey, bit))).toBe(false);
    }
    for (let bit = 0; bit < 320; bit++) {
      expect(verifyEd25519Native(flipped(message, bit), signature, publicKey)).toBe(false);
    }
  });
});
