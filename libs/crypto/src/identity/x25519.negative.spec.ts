import { fromHex } from '../encoding/hex';
import { parseX25519PublicKey, x25519, x25519PublicKey } from './x25519';

/** The u-coordinates of small order on the curve and its twist, in each spelling below 2^255 (cr.yp.to/ecdh.html). */
const smallOrder = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];

describe('X25519 keys that are refused', () => {
  it.each(smallOrder)('small order: %s', (hex) => {
    const smallOrderError = expect.objectContaining({ code: 'KEY.SMALL_ORDER' }) as Error;
    expect(() => parseX25519PublicKey(fromHex(hex))).toThrow(smallOrderError);
    expect(() => x25519(new Uint8Array(32).fill(5), fromHex(hex))).toThrow(smallOrderError);
    // The top bit is ignored (RFC 7748 section 5), so it must not open a way round.
    const withTopBit = Uint8Array.from(fromHex(hex));
    withTopBit[31]! |= 0x80;
    expect(() => parseX25519PublicKey(withTopBit)).toThrow(smallOrderError);
  });

  it.each([0, 31, 33])('%d bytes', (length) => {
    const wrongLength = expect.objectContaining({ code: 'KEY.INVALID_BOX_KEY' }) as Error;
    expect(() => parseX25519PublicKey(new Uint8Array(length).fill(9))).toThrow(wrongLength);
    expect(() => x25519PublicKey(new Uint8Array(length))).toThrow(wrongLength);
    expect(() => x25519(new Uint8Array(32), new Uint8Array(length))).toThrow(wrongLength);
  });
});
