import fc from 'fast-check';
import { decodeSafetensors } from './decode';
import { bytesOf, type Dtype, DTYPES, dtypeSize, viewAs } from './dtype';
import { encodeSafetensors } from './encode';
import { openSafetensors } from './reader';
import { SafetensorsError } from './safetensors.errors';
import { type NamedTensor } from './tensor';

/** Any tensor: the data are random bytes of the right number, except BOOL, which is 0 and 1. */
const tensor = fc
  .record({
    name: fc.string({ unit: 'grapheme' }).filter((name) => name !== '__metadata__'),
    dtype: fc.constantFrom<Dtype>(...DTYPES),
    shape: fc.array(fc.nat(4), { maxLength: 3 }),
  })
  .chain(({ name, dtype, shape }) => {
    const length = shape.reduce((product, dimension) => product * dimension, 1) * dtypeSize(dtype);
    return fc
      .uint8Array({ minLength: length, maxLength: length, max: dtype === 'BOOL' ? 1 : 255 })
      .map((bytes): NamedTensor => ({ name, dtype, shape, data: viewAs(dtype, bytes) }));
  });
const tensors = fc.uniqueArray(tensor, { selector: ({ name }) => name, maxLength: 6 });
const metadata = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }));

const memorySource = (bytes: Uint8Array): { size: number; read: (o: number, n: number) => Promise<Uint8Array> } => ({
  size: bytes.length,
  read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
});

describe('safetensors', () => {
  it('decodes what it encodes, from any alignment, and reads the same by parts', async () => {
    await fc.assert(
      fc.asyncProperty(tensors, metadata, fc.nat(7), async (list, meta, shift) => {
        const file = encodeSafetensors(list, meta);
        const shifted = new Uint8Array(file.length + shift).subarray(shift);
        shifted.set(file);
        const decoded = decodeSafetensors(shifted);
        const reader = await openSafetensors(memorySource(file));
        expect(decoded.metadata).toEqual(meta);
        expect(reader.metadata).toEqual(meta);
        expect(decoded.tensors.size).toBe(list.length);
        for (const { name, dtype, shape, data } of list) {
          const got = decoded.tensors.get(name)!;
          expect([got.dtype, got.shape, bytesOf(got.data)]).toEqual([dtype, shape, bytesOf(data)]);
          expect(bytesOf((await reader.readTensor(name)).data)).toEqual(bytesOf(data));
          const first = Math.floor(data.length / 3);
          const part = await reader.readRange(name, first, data.length - first);
          expect(bytesOf(part)).toEqual(bytesOf(data).subarray(first * dtypeSize(dtype)));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('writes the same bytes whatever the order of the tensors and the metadata', () => {
    fc.assert(
      fc.property(tensors, metadata, (list, meta) => {
        const reversed = Object.fromEntries(Object.entries(meta).reverse());
        expect(encodeSafetensors([...list].reverse(), reversed)).toEqual(encodeSafetensors(list, meta));
      }),
      { numRuns: 100 },
    );
  });

  it('refuses every truncation with its own error, and every change of a byte either so or with tensors that fit', () => {
    fc.assert(
      fc.property(tensors, fc.nat(), fc.nat(255), (list, position, value) => {
        const file = encodeSafetensors(list, { note: 'x' });
        expect(() => decodeSafetensors(file.subarray(0, position % file.length))).toThrow(SafetensorsError);
        const changed = file.slice();
        changed[position % file.length] = value;
        try {
          let bytes = 0;
          for (const { data } of decodeSafetensors(changed).tensors.values()) bytes += data.byteLength;
          expect(bytes).toBeLessThan(file.length);
        } catch (error) {
          expect(error).toBeInstanceOf(SafetensorsError);
        }
      }),
      { numRuns: 400 },
    );
  });
});
