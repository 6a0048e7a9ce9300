import { crc32c, frameRecord, scalarEvent, versionEvent } from './event-record';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

describe('CRC-32C', () => {
  // RFC 3720, appendix B.4, and the check value of the polynomial's catalogue entry.
  it.each([
    ['123456789', bytes('123456789'), 0xe3069283],
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(255), 0x62a8ab43],
    ['ascending', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ])('of %s', (_name, data, expected) => {
    expect(crc32c(data)).toBe(expected);
  });
});

describe('event records', () => {
  it('frames length, data and both masked sums', () => {
    const record = Buffer.from(frameRecord(bytes('abc')));
    const unmask = (value: number): number => {
      const rotated = (value - 0xa282ead8) >>> 0;
      return ((rotated >>> 17) | (rotated << 15)) >>> 0;
    };
    expect(record).toHaveLength(19);
    expect(record.readBigUInt64LE(0)).toBe(3n);
    expect(unmask(record.readUInt32LE(8))).toBe(crc32c(record.subarray(0, 8)));
    expect(record.subarray(12, 15).toString()).toBe('abc');
    expect(unmask(record.readUInt32LE(15))).toBe(crc32c(bytes('abc')));
  });

  it('writes the protobuf bytes of the version and of scalars', () => {
    const payload = (record: Uint8Array): string => Buffer.from(record.subarray(12, -4)).toString('hex');
    // Field 1, double 1.5; field 3, "brain.Event:2".
    expect(payload(versionEvent(1.5))).toBe(`09000000000000f83f1a0d${Buffer.from('brain.Event:2').toString('hex')}`);
    // Step 300 is the varint ac 02; value: tag "a", float 0.5.
    expect(payload(scalarEvent(1.5, 300, { a: 0.5 }))).toBe('09000000000000f83f10ac022a0a0a080a0161150000003f');
    // Beyond 32 bits.
    expect(payload(scalarEvent(0, 2 ** 35, {}))).toBe('09000000000000000010808080808001' + '2a00');
  });
});
