import { createHash } from 'node:crypto';
import nacl from 'tweetnacl';
import { verifyEd25519Native } from '../node/native-ed25519';
import { fromHex } from '../encoding/hex';
import { ed25519KeyPair, parseEd25519PublicKey, signEd25519, verifyEd25519 } from './ed25519';

/** The points of small order in every encoding, canonical or not, that 32 bytes allow. */
const smallOrder = [
  ['y = 0', '0000000000000000000000000000000000000000000000000000000000000000'],
  ['y = 0, x negative', '0000000000000000000000000000000000000000000000000000000000000080'],
  ['the neutral element', '0100000000000000000000000000000000000000000000000000000000000000'],
  ['the neutral element with a sign', '0100000000000000000000000000000000000000000000000000000000000080'],
  ['order 2', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
  ['order 2 with a sign', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff'],
  ['order 8', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'],
  ['order 8, x negative', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85'],
  ['order 8, other y', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'],
  ['order 8, other y, x negative', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa'],
  ['y = p', 'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
  ['y = p + 1', 'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
] as const;

describe('Ed25519 keys that are refused', () => {
  it.each(smallOrder)('%s', (_, hex) => {
    expect(() => parseEd25519PublicKey(fromHex(hex))).toThrow(
      expect.objectContaining({ code: 'KEY.INVALID_SIGNING_KEY' }) as Error,
    );
  });

  it.each([
    ['y = p + 3, the other spelling of a point', 'f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f'],
    ['y = 2, not on the curve', `02${'00'.repeat(31)}`],
    ['31 bytes', '11'.repeat(31)],
    ['33 bytes', '11'.repeat(33)],
    ['no bytes', ''],
  ])('%s', (_, hex) => {
    expect(() => parseEd25519PublicKey(fromHex(hex), 'site.key')).toThrow(/^site\.key: expected/);
  });

  it('refuses a seed of the wrong length', () => {
    expect(() => ed25519KeyPair(new Uint8Array(31))).toThrow(
      expect.objectContaining({ code: 'KEY.INVALID_SEED' }) as Error,
    );
  });
});

describe('Ed25519 signatures that anybody could make', () => {
  it.each(smallOrder)('under the key %s do not verify', (_, hex) => {
    // R = key, S = 0 satisfies the verification equation for some messages when the key has small order.
    const signature = fromHex(hex + '00'.repeat(32));
    for (let i = 0; i < 4; i++) {
      expect(verifyEd25519(Uint8Array.of(i), signature, fromHex(hex))).toBe(false);
      expect(verifyEd25519Native(Uint8Array.of(i), signature, fromHex(hex))).toBe(false);
    }
  });

  it('tweetnacl alone accepts such a signature, which is why we check', () => {
    const neutral = fromHex('01' + '00'.repeat(31));
    const forged = fromHex('01' + '00'.repeat(63));
    expect(nacl.sign.detached.verify(Uint8Array.of(1, 2, 3), forged, neutral)).toBe(true);
    expect(verifyEd25519(Uint8Array.of(1, 2, 3), forged, neutral)).toBe(false);
    expect(verifyEd25519Native(Uint8Array.of(1, 2, 3), forged, neutral)).toBe(false);
  });

  const number = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  const bytes32 = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
  const sha512 = (...parts: Uint8Array[]) => createHash('sha512').update(Buffer.concat(parts)).digest();
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  const seed = new Uint8Array(32).fill(6);
  const { publicKey: ownKey } = ed25519KeyPair(seed);
  const scalar = sha512(seed).subarray(0, 32);
  scalar[0]! &= 248;
  scalar[31] = (scalar[31]! & 127) | 64;
  const neutral = fromHex('01' + '00'.repeat(31));
  const message = Uint8Array.of(1, 2, 3);

  it.each([
    // S = H(R, A, M) * a with R neutral: satisfies the equation, so only the check of R refuses it.
    ['a small-order R', neutral, number(sha512(neutral, ownKey, message)) * number(scalar), ownKey],
    // R = r * B and S = r under the neutral key: holds for every message, so only the check of the key refuses it.
    ['a small-order key', ownKey, number(scalar), neutral],
  ])('do not verify with %s and the rest in order', (_, r, s, key) => {
    const signature = Uint8Array.from(Buffer.concat([r, bytes32(s % order)]));
    expect(nacl.sign.detached.verify(message, signature, key)).toBe(true);
    expect(verifyEd25519(message, signature, key)).toBe(false);
    expect(verifyEd25519Native(message, signature, key)).toBe(false);
  });

  it('answers false for wrong lengths instead of throwing', () => {
    const { publicKey, secretKey } = ed25519KeyPair(new Uint8Array(32).fill(1));
    const signature = signEd25519(new Uint8Array(), secretKey);
    for (const verify of [verifyEd25519, verifyEd25519Native]) {
      expect(verify(new Uint8Array(), signature.subarray(1), publicKey)).toBe(false);
      expect(verify(new Uint8Array(), signature, publicKey.subarray(1))).toBe(false);
      expect(verify(new Uint8Array(), new Uint8Array(), new Uint8Array())).toBe(false);
    }
  });
});
