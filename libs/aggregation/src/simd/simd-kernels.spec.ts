import fc from 'fast-check';
import { type RowBlock } from '../kernels/block-kernels';
import { scalarKernels } from '../kernels/scalar-kernels';
import { SimdKernels } from './simd-kernels';
import { selectionNetwork } from './sorting-network';
import { createSharedMemory, pageBytes } from './web-assembly';

const numRuns = process.env['SLOW'] === '1' ? 1000 : 100;

/** Any finite float32, with many ties, zeros of both signs and extremes among them. */
const value = fc.oneof(
  fc.float({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, 1, -1, 1e-45, 3.4028234663852886e38, -3.4028234663852886e38),
  fc.integer({ min: -3, max: 3 }),
);
const updates = fc
  .tuple(fc.integer({ min: 1, max: 24 }), fc.integer({ min: 1, max: 70 }))
  .chain(([rows, count]) =>
    fc.array(fc.array(value, { minLength: count, maxLength: count }), { minLength: rows, maxLength: rows }),
  );

/** The rows in a shared memory, with kernels over it and room for a result. */
function setUp(rows: readonly (readonly number[])[]) {
  const memory = createSharedMemory(32 * pageBytes);
  const count = rows[0]!.length;
  const stride = 16 * Math.ceil(count / 16) + 16;
  const floats = new Float32Array(memory.buffer);
  const first = 4096;
  rows.forEach((row, r) => {
    floats.set(row, first + r * stride);
  });
  const block: RowBlock = { memory: floats, first, stride, rows: rows.length, count };
  const out = floats.subarray(first + rows.length * stride, first + rows.length * stride + count);
  return { block, out, simd: new SimdKernels(memory, 0, rows.length) };
}

const bits = (floats: Float32Array): number[] => [...new Uint32Array(Float32Array.from(floats).buffer)];

describe('SIMD kernels give the bits of the scalar ones', () => {
  it('weighted mean', () => {
    fc.assert(
      fc.property(updates, fc.infiniteStream(fc.double({ min: 1e-3, max: 1e6, noNaN: true })), (rows, stream) => {
        const { block, out, simd } = setUp(rows);
        const weights = Float64Array.from(rows, () => stream.next().value as number);
        const total = weights.reduce((a, b) => a + b, 0);
        const expected = new Float32Array(block.count);
        scalarKernels.weightedMean(block, weights, total, expected);
        simd.weightedMean(block, weights, total, out);
        expect(bits(out)).toEqual(bits(expected));
      }),
      { numRuns },
    );
  });

  it('trimmed mean and median', () => {
    fc.assert(
      fc.property(updates, fc.nat(), (rows, choice) => {
        const { block, out, simd } = setUp(rows);
        const trim = choice % (Math.floor((rows.length - 1) / 2) + 1);
        const expected = new Float32Array(block.count);
        scalarKernels.trimmedMean(block, trim, expected);
        simd.trimmedMean(block, trim, out);
        expect(bits(out)).toEqual(bits(expected));
      }),
      { numRuns },
    );
  });

  it('squares and squared distances', () => {
    fc.assert(
      fc.property(updates, (rows) => {
        const { block, simd } = setUp(rows);
        for (let r = 0; r < rows.length; r++) {
          const [a, b] = [new Float64Array(4 * rows.length), new Float64Array(4 * rows.length)];
          simd.addSquaredDistances(block, r, a);
          scalarKernels.addSquaredDistances(block, r, b);
          expect(a).toEqual(b);
          const row = block.memory.subarray(
            block.first + r * block.stride,
            block.first + r * block.stride + block.count,
          );
          const [c, d] = [Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 2, 3, 4)];
          simd.addSquares(row, c);
          scalarKernels.addSquares(row, d);
          expect(c).toEqual(d);
        }
      }),
      { numRuns: numRuns / 4 },
    );
  });

  it.each([1, 2, 3, 10, 31, 64, 100, 128, 129])('the median of %i rows', (n) => {
    const rows = Array.from({ length: n }, (_, r) => Array.from({ length: 9 }, (_, i) => Math.sin(r * 7 + i * 13)));
    const { block, out, simd } = setUp(rows);
    simd.trimmedMean(block, Math.floor((n - 1) / 2), out);
    for (let i = 0; i < 9; i++) {
      const sorted = Array.from(rows, (row) => Math.fround(row[i]!)).sort((a, b) => a - b);
      const [low, high] = [sorted[Math.floor((n - 1) / 2)]!, sorted[Math.floor(n / 2)]!];
      expect(out[i]).toBe(Math.fround((low + high) / 2));
    }
  });
});

describe('selection network', () => {
  // 0-1 principle (Knuth 5.3.4, Theorem Z): what sorts all zeros and ones sorts everything.
  it.each([1, 2, 3, 4, 5, 7, 8, 10])('puts the asked ranks of %i wires in place', (n) => {
    for (let from = 0; from < n; from++) {
      const to = Math.max(from + 1, n - from);
      const network = selectionNetwork(n, from, to);
      for (let input = 0; input < 2 ** n; input++) {
        const wires = Array.from({ length: n }, (_, i) => (input >> i) & 1);
        const sorted = wires.toSorted((a, b) => a - b);
        for (const { low, high, needLow, needHigh } of network) {
          const [a, b] = [Math.min(wires[low]!, wires[high]!), Math.max(wires[low]!, wires[high]!)];
          // An end that is not computed must not be read: NaN would spoil the result.
          wires[low] = needLow ? a : Number.NaN;
          wires[high] = needHigh ? b : Number.NaN;
        }
        expect(wires.slice(from, to)).toEqual(sorted.slice(from, to));
      }
    }
  });

  it('makes a median cheaper than a sort', () => {
    const cost = (from: number, to: number): number =>
      selectionNetwork(10, from, to).reduce((sum, c) => sum + Number(c.needLow) + Number(c.needHigh), 0);
    expect(cost(4, 6)).toBeLessThan(cost(0, 10));
  });
});
