import { decodeSafetensors } from './decode';
import { encodeSafetensors } from './encode';
import { openSafetensors } from './reader';
import { float32Tensor, type NamedTensor } from './tensor';

const code = (expected: string): Error => expect.objectContaining({ code: `SAFETENSORS.${expected}` }) as Error;

/** A file with any header text and as many zero bytes of data. */
function file(header: string | Uint8Array, dataBytes: number, announced?: bigint): Uint8Array {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.length + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, announced ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}

const one = (entry: object | string): string => `{"a":${typeof entry === 'string' ? entry : JSON.stringify(entry)}}`;
const f32 = (shape: unknown, begin: unknown, end: unknown): object => ({
  dtype: 'F32',
  shape,
  data_offsets: [begin, end],
});

const HOSTILE: readonly [string, string, Uint8Array][] = [
  ['TRUNCATED', 'an empty file', new Uint8Array(0)],
  ['TRUNCATED', 'seven bytes', new Uint8Array(7)],
  ['TRUNCATED', 'a header longer than the file', file('{}', 0, 100n)],
  ['HEADER_TOO_LONG', 'a header of 2^63 bytes', file('{}', 0, 2n ** 63n)],
  ['HEADER_TOO_LONG', 'a header of 2^32 bytes', file('{}', 0, 2n ** 32n)],
  ['HEADER_NOT_JSON', 'a header of no bytes', file('', 0)],
  ['HEADER_NOT_JSON', 'a leading space', file(' {}', 0)],
  ['HEADER_NOT_JSON', 'an array', file('[]', 0)],
  ['HEADER_NOT_JSON', 'broken JSON', file('{"a":', 0)],
  ['HEADER_NOT_JSON', 'text after the object', file('{}{}', 0)],
  ['HEADER_NOT_JSON', 'zeros as padding', file('{}\0\0', 0)],
  ['HEADER_NOT_JSON', 'deep nesting', file(one('['.repeat(5000) + ']'.repeat(5000)), 0)],
  ['HEADER_NOT_UTF8', 'a broken sequence', file(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), 0)],
  ['DUPLICATE_NAME', 'a tensor twice', file('{"a":1,"a":2}', 0)],
  ['DUPLICATE_NAME', 'a tensor twice, once escaped', file(String.raw`{"a":1,"\u0061":2}`, 0)],
  ['DUPLICATE_NAME', 'a field twice', file(one('{"dtype":"F32","dtype":"F64","shape":[1],"data_offsets":[0,8]}'), 8)],
  ['DUPLICATE_NAME', 'metadata twice', file('{"__metadata__":{},"__metadata__":{}}', 0)],
  ['BAD_METADATA', 'a number in the metadata', file('{"__metadata__":{"x":1}}', 0)],
  ['BAD_METADATA', 'metadata as text', file('{"__metadata__":"x"}', 0)],
  ['BAD_METADATA', 'metadata as null', file('{"__metadata__":null}', 0)],
  ['BAD_ENTRY', 'a number as entry', file(one('1'), 0)],
  ['BAD_ENTRY', 'null as entry', file(one('null'), 0)],
  ['BAD_ENTRY', 'a missing field', file(one({ dtype: 'F32', shape: [1] }), 4)],
  ['BAD_ENTRY', 'an extra field', file(one({ ...f32([1], 0, 4), strides: [1] }), 4)],
  ['BAD_DTYPE', 'an unknown dtype', file(one({ ...f32([1], 0, 4), dtype: 'F33' }), 4)],
  ['BAD_DTYPE', 'a name of Object.prototype', file(one({ ...f32([1], 0, 4), dtype: 'constructor' }), 4)],
  ['BAD_DTYPE', 'a number as dtype', file(one({ ...f32([1], 0, 4), dtype: 1 }), 4)],
  ['BAD_SHAPE', 'a negative dimension', file(one(f32([-1, -1], 0, 4)), 4)],
  ['BAD_SHAPE', 'minus zero', file(one('{"dtype":"F32","shape":[-0],"data_offsets":[0,0]}'), 0)],
  ['BAD_SHAPE', 'a fraction', file(one(f32([0.5, 2], 0, 4)), 4)],
  ['BAD_SHAPE', 'a text', file(one(f32(['1'], 0, 4)), 4)],
  ['BAD_SHAPE', 'a number', file(one(f32(1, 0, 4)), 4)],
  [
    'BAD_SHAPE',
    'a dimension above 2^53',
    file(one('{"dtype":"F32","shape":[9007199254740993],"data_offsets":[0,4]}'), 4),
  ],
  ['SHAPE_OVERFLOW', 'a product above 2^53', file(one(f32([2 ** 40, 2 ** 40], 0, 4)), 4)],
  ['SHAPE_OVERFLOW', 'a product above 2^53 beside a zero', file(one(f32([0, 2 ** 40, 2 ** 40], 0, 0)), 0)],
  ['SHAPE_OVERFLOW', 'bytes above 2^53', file(one(f32([2 ** 52], 0, 4)), 4)],
  ['BAD_OFFSETS', 'one offset', file(one({ dtype: 'F32', shape: [1], data_offsets: [0] }), 4)],
  ['BAD_OFFSETS', 'a negative offset', file(one(f32([1], -4, 0)), 4)],
  ['BAD_OFFSETS', 'a fraction', file(one(f32([1], 0.5, 4.5)), 5)],
  ['BAD_OFFSETS', 'end before begin', file(one(f32([1], 4, 0)), 4)],
  ['OUT_OF_BOUNDS', 'an end behind the file', file(one(f32([2], 0, 8)), 4)],
  ['OUT_OF_BOUNDS', 'a tensor of 4 TiB in a small file', file(one(f32([2 ** 40], 0, 2 ** 42)), 4)],
  ['SIZE_MISMATCH', 'fewer bytes than the shape needs', file(one(f32([2], 0, 4)), 4)],
  ['OVERLAP', 'two tensors on the same bytes', file(`{"a":${j(f32([1], 0, 4))},"b":${j(f32([1], 0, 4))}}`, 4)],
  ['OVERLAP', 'partly the same bytes', file(`{"a":${j(f32([2], 0, 8))},"b":${j(f32([2], 4, 12))}}`, 12)],
  ['OVERLAP', 'an empty tensor inside another', file(`{"a":${j(f32([2], 0, 8))},"b":${j(f32([0], 4, 4))}}`, 8)],
  ['HOLE', 'a hole at the start', file(one(f32([1], 4, 8)), 8)],
  ['HOLE', 'a hole between', file(`{"a":${j(f32([1], 0, 4))},"b":${j(f32([1], 8, 12))}}`, 12)],
  ['TRAILING_BYTES', 'bytes after the last tensor', file(one(f32([1], 0, 4)), 5)],
  ['TRAILING_BYTES', 'bytes without a tensor', file('{}', 1)],
  ['BAD_BOOL', 'a BOOL of 2', boolFile()],
];

function j(value: object): string {
  return JSON.stringify(value);
}

function boolFile(): Uint8Array {
  const bytes = file(one({ dtype: 'BOOL', shape: [1], data_offsets: [0, 1] }), 1);
  bytes[bytes.length - 1] = 2;
  return bytes;
}

describe('hostile safetensors', () => {
  it.each(HOSTILE)('%s: %s', async (expected, _what, bytes) => {
    expect(() => decodeSafetensors(bytes)).toThrow(code(expected));
    const source = { size: bytes.length, read: (o: number, n: number) => Promise.resolve(bytes.slice(o, o + n)) };
    const readAll = async (): Promise<void> => {
      const reader = await openSafetensors(source);
      for (const name of reader.names) await reader.readTensor(name);
    };
    await expect(readAll()).rejects.toThrow(code(expected));
  });

  it('asks the source for nothing that the checks have not allowed', async () => {
    const asked: number[] = [];
    const open = (bytes: Uint8Array, size = bytes.length): Promise<unknown> =>
      openSafetensors({ size, read: (o, n) => (asked.push(n), Promise.resolve(bytes.slice(o, o + n))) });
    await expect(open(file('{}', 0, 2n ** 40n), 2 ** 42)).rejects.toThrow(code('HEADER_TOO_LONG'));
    expect(asked).toEqual([8]);
    await expect(open(file(one(f32([2 ** 40], 0, 2 ** 42)), 4))).rejects.toThrow(code('OUT_OF_BOUNDS'));
    expect(Math.max(...asked)).toBeLessThan(100);
  });

  it('keeps to the limits', () => {
    const bytes = encodeSafetensors([
      float32Tensor('a', [2], new Float32Array(2)),
      float32Tensor('b', [], new Float32Array(1)),
    ]);
    expect(decodeSafetensors(bytes, { maxTensors: 2, maxDataBytes: 12 }).tensors.size).toBe(2);
    expect(() => decodeSafetensors(bytes, { maxTensors: 1 })).toThrow(code('TOO_MANY_TENSORS'));
    expect(() => decodeSafetensors(bytes, { maxDataBytes: 11 })).toThrow(code('TOO_LARGE'));
    expect(() => decodeSafetensors(bytes, { maxHeaderBytes: 100 })).toThrow(code('HEADER_TOO_LONG'));
  });

  it('notices a source that shrinks', async () => {
    const bytes = encodeSafetensors([float32Tensor('a', [2], new Float32Array(2))]);
    let length = bytes.length;
    const reader = await openSafetensors({
      size: bytes.length,
      read: (o, n) => Promise.resolve(bytes.slice(o, Math.min(o + n, length))),
    });
    length -= 1;
    await expect(reader.readTensor('a')).rejects.toThrow(code('TRUNCATED'));
    await expect(reader.readTensor('b')).rejects.toThrow(code('UNKNOWN_TENSOR'));
    await expect(reader.readRange('a', 1, 2)).rejects.toThrow(code('BAD_RANGE'));
    await expect(reader.readRange('a', -1, 1)).rejects.toThrow(code('BAD_RANGE'));
    await expect(reader.readRange('a', 0, 0.5)).rejects.toThrow(code('BAD_RANGE'));
  });

  it('never repeats more than 80 characters of a hostile name', () => {
    const name = 'x'.repeat(100_000);
    expect(() => decodeSafetensors(file(`{"${name}":1}`, 0))).toThrow(/^.{0,200}$/);
  });
});

describe('encodeSafetensors', () => {
  const good = float32Tensor('a', [2], new Float32Array(2));
  it.each<[string, NamedTensor[]]>([
    ['DUPLICATE_NAME', [good, good]],
    ['BAD_NAME', [{ ...good, name: '__metadata__' }]],
    ['BAD_DTYPE', [{ ...good, dtype: 'F8' as 'F32' }]],
    ['BAD_SHAPE', [{ ...good, shape: [-2] }]],
    ['DATA_MISMATCH', [{ ...good, shape: [3] }]],
    ['DATA_MISMATCH', [{ ...good, dtype: 'I32' }]],
    ['DATA_MISMATCH', [{ ...good, data: [0, 0] as unknown as Float32Array }]],
  ])('refuses with %s', (expected, tensors) => {
    expect(() => encodeSafetensors(tensors)).toThrow(code(expected));
  });

  it('refuses metadata that is not text', () => {
    expect(() => encodeSafetensors([good], { step: 1 } as unknown as Record<string, string>)).toThrow(
      code('BAD_METADATA'),
    );
  });

  it('lays tensors out aligned, largest elements first, then by name', () => {
    const bytes = encodeSafetensors([
      { name: 'z', dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 3) },
      { name: 'b', dtype: 'F32', shape: [1], data: Float32Array.of(1) },
      { name: 'a', dtype: 'F32', shape: [1], data: Float32Array.of(2) },
      { name: 'y', dtype: 'I64', shape: [1], data: BigInt64Array.of(-1n) },
    ]);
    const { tensors } = decodeSafetensors(bytes);
    expect([...tensors.keys()]).toEqual(['y', 'a', 'b', 'z']);
    expect([...tensors.values()].every(({ data }) => data.buffer === bytes.buffer)).toBe(true);
  });
});
