import fc from 'fast-check';
import { createLayout } from './tensor-layout';

const code = (expected: string): Error => expect.objectContaining({ code: expected }) as Error;

const layout = createLayout([
  { name: 'cls_token', shape: [1, 1, 4] },
  { name: 'temperature', shape: [] },
  { name: 'weight', shape: [2, 3] },
  { name: 'none', shape: [0, 5] },
]);

describe('TensorLayout', () => {
  it('lays tensors end to end in the order given', () => {
    expect(layout.size).toBe(11);
    expect(layout.entries.map(({ name, offset, length }) => [name, offset, length])).toEqual([
      ['cls_token', 0, 4],
      ['temperature', 4, 1],
      ['weight', 5, 6],
      ['none', 11, 0],
    ]);
    expect(layout.entry('weight').shape).toEqual([2, 3]);
    expect(layout.has('weight')).toBe(true);
    expect(layout.has('bias')).toBe(false);
  });

  it('gives views that share memory', () => {
    const flat = new Float32Array(11);
    layout.view(flat, 'weight')[1] = 7;
    layout.unpack(flat).get('temperature')![0] = 3;
    expect(flat[6]).toBe(7);
    expect(flat[4]).toBe(3);
  });

  it('describes itself by names and shapes in order', () => {
    expect(layout.describe()).toEqual({
      format: 'fedistl/layout/v1',
      dtype: 'F32',
      size: 11,
      tensors: [
        { name: 'cls_token', shape: [1, 1, 4] },
        { name: 'temperature', shape: [] },
        { name: 'weight', shape: [2, 3] },
        { name: 'none', shape: [0, 5] },
      ],
    });
  });

  it('packs what it unpacks, whatever the order of the map', () => {
    const shapes = fc.array(fc.nat(4), { maxLength: 3 });
    const entries = fc.uniqueArray(fc.record({ name: fc.string({ minLength: 1 }), shape: shapes }), {
      selector: (entry) => entry.name,
      maxLength: 8,
    });
    fc.assert(
      fc.property(entries, (list) => {
        const any = createLayout(list);
        const flat = Float32Array.from({ length: any.size }, (_, i) => i + 0.5);
        const reversed = new Map([...any.unpack(flat)].reverse());
        expect(any.pack(reversed)).toEqual(flat);
      }),
      { numRuns: 100 },
    );
  });

  it.each([
    [
      'LAYOUT.DUPLICATE_NAME',
      [
        { name: 'a', shape: [1] },
        { name: 'a', shape: [1] },
      ],
    ],
    ['LAYOUT.BAD_NAME', [{ name: '', shape: [1] }]],
    ['LAYOUT.BAD_SHAPE', [{ name: 'a', shape: [-1] }]],
    ['LAYOUT.BAD_SHAPE', [{ name: 'a', shape: [1.5] }]],
    ['LAYOUT.BAD_SHAPE', [{ name: 'a', shape: [Number.NaN] }]],
    ['LAYOUT.BAD_SHAPE', [{ name: 'a', shape: [2 ** 27, 2 ** 27] }]],
    ['LAYOUT.BAD_SHAPE', [{ name: 'a', shape: [0, 2 ** 27, 2 ** 27] }]],
    [
      'LAYOUT.TOO_LARGE',
      [
        { name: 'a', shape: [2 ** 30] },
        { name: 'b', shape: [2 ** 30] },
      ],
    ],
  ])('refuses with %s: %j', (expected, entries) => {
    expect(() => createLayout(entries)).toThrow(code(expected));
  });

  it('refuses vectors and maps that do not fit', () => {
    const tensors = layout.unpack(new Float32Array(11));
    expect(() => layout.unpack(new Float32Array(10))).toThrow(/expected a vector of 11 values, got 10/);
    expect(() => layout.view(new Float32Array(12), 'weight')).toThrow(code('LAYOUT.SIZE_MISMATCH'));
    expect(() => layout.entry('bias')).toThrow(code('LAYOUT.UNKNOWN_NAME'));
    expect(() => layout.pack(new Map([...tensors].slice(1)))).toThrow(code('LAYOUT.MISSING_TENSOR'));
    expect(() => layout.pack(new Map([...tensors, ['bias', new Float32Array(1)]]))).toThrow(
      code('LAYOUT.EXTRA_TENSOR'),
    );
    expect(() => layout.pack(new Map([...tensors, ['weight', new Float32Array(5)]]))).toThrow(
      code('LAYOUT.SIZE_MISMATCH'),
    );
  });
});
