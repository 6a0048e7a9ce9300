import fc from 'fast-check';
import { fromBase64, toBase64 } from './base64';
import { concatBytes, decodeUtf8, equalBytes, uint64BigEndian, utf8 } from './bytes';
import { fromHex, toHex } from './hex';

const bytes = fc.uint8Array({ maxLength: 300 });

describe('base64', () => {
  it.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg=='],
    ['fooba', 'Zm9vYmE='],
    ['foobar', 'Zm9vYmFy'],
  ])('RFC 4648 section 10: %p', (text, encoded) => {
    expect(toBase64(utf8(text))).toBe(encoded);
    expect(decodeUtf8(fromBase64(encoded))).toBe(text);
  });

  it('agrees with Buffer, and is its own inverse', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(toBase64(value)).toBe(Buffer.from(value).toString('base64'));
        expect(fromBase64(toBase64(value))).toEqual(value);
        const urlSafe = toBase64(value).replaceAll('+', '-').replaceAll('/', '_');
        expect(fromBase64(urlSafe, { urlSafe: true })).toEqual(value);
      }),
    );
  });

  it('takes more bytes than an argument list holds', () => {
    const large = new Uint8Array(1_000_001).fill(0xa5);
    expect(toBase64(large)).toBe(Buffer.from(large).toString('base64'));
    expect(equalBytes(fromBase64(toBase64(large)), large)).toBe(true);
  });

  it.each(['Zg', 'Zg=', 'Zh==', 'Zm9=', 'Z===', '====', 'Zg==Zg==', ' Zg==', 'Zg==\n', 'Z-8=', 'Zé8=', '\u0100AAA'])(
    'refuses %p',
    (text) => {
      expect(() => fromBase64(text)).toThrow(expect.objectContaining({ code: 'ENCODING.BASE64' }) as Error);
    },
  );

  it('says which field has the wrong length', () => {
    expect(() => fromBase64('Zm9v', { field: 'key', length: 4 })).toThrow('key: expected 4 bytes, got 3');
  });
});

describe('hex', () => {
  it('agrees with Buffer, and is its own inverse', () => {
    fc.assert(
      fc.property(bytes, (value) => {
        expect(toHex(value)).toBe(Buffer.from(value).toString('hex'));
        expect(fromHex(toHex(value))).toEqual(value);
      }),
    );
  });

  it.each(['a', 'AB', '0g', ' 00', '0x00'])('refuses %p', (text) => {
    expect(() => fromHex(text)).toThrow(expect.objectContaining({ code: 'ENCODING.HEX' }) as Error);
  });

  it('refuses the wrong length', () => {
    expect(() => fromHex('0011', 'root', 3)).toThrow('root: expected 3 bytes in hexadecimal, got 2');
  });
});

describe('bytes', () => {
  it('are joined, compared and counted', () => {
    expect(concatBytes(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3));
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equalBytes(Uint8Array.of(1), Uint8Array.of(1, 0))).toBe(false);
    expect(toHex(uint64BigEndian(2 ** 40 + 7))).toBe('0000010000000007');
  });

  it('are text only when they are UTF-8', () => {
    expect(decodeUtf8(utf8('\ufeffä'))).toBe('\ufeffä');
    expect(decodeUtf8(Uint8Array.of(0xc3))).toBeUndefined();
  });
});
