import fc from 'fast-check';
import { areaWeights, bilinearWeights, resample } from './resample';

const IDENTITY = Float32Array.from({ length: 256 }, (_, cell) => cell);

function resized(cells: Uint8Array, columns: number, size: number, weights: typeof areaWeights): number[] {
  return [
    ...resample(
      { rows: cells.length / columns, columns, cells, table: IDENTITY },
      { width: size, height: size },
      weights,
    ),
  ];
}

describe('resampling', () => {
  it('by area takes means', () => {
    const cells = Uint8Array.of(0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150);
    expect(resized(cells, 4, 2, areaWeights)).toEqual([25, 45, 105, 125]);
    expect(resized(Uint8Array.of(0, 90, 180, 0, 90, 180, 0, 90, 180), 3, 2, areaWeights)[0]).toBeCloseTo(30, 5);
  });

  it('bilinear reads the four neighbours of the half-pixel centre and no more', () => {
    // 4 to 2 samples: centres at 0.5 and 2.5, so each output is the mean of two inputs; 8 to 2: at 1.5 and 5.5.
    const row = Uint8Array.of(0, 100, 7, 9, 0, 200, 3, 5);
    const cells = Uint8Array.from({ length: 64 }, (_, index) => row[index % 8]!);
    expect(resized(cells, 8, 2, bilinearWeights)).toEqual([53.5, 101.5, 53.5, 101.5]);
  });

  it('enlarges with edges repeated', () => {
    expect(resized(Uint8Array.of(0, 100, 0, 100), 2, 4, bilinearWeights).slice(0, 4)).toEqual([0, 25, 75, 100]);
    expect(resized(Uint8Array.of(0, 100, 0, 100), 2, 4, areaWeights).slice(0, 4)).toEqual([0, 25, 75, 100]);
    expect(resized(Uint8Array.of(42), 1, 3, bilinearWeights)).toEqual(new Array(9).fill(42));
  });

  it.each([
    ['area', areaWeights],
    ['bilinear', bilinearWeights],
  ])('has weights that sum to one and stay inside (%s)', (_name, weightsOf) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), fc.integer({ min: 1, max: 300 }), (input, output) => {
        const { starts, offsets, weights } = weightsOf(input, output);
        let faults = 0;
        for (let o = 0; o < output; o += 1) {
          const part = weights.subarray(offsets[o], offsets[o + 1]);
          const sum = part.reduce((total, weight) => total + weight, 0);
          const inside = starts[o]! >= 0 && starts[o]! + part.length <= input;
          if (!inside || Math.abs(sum - 1) > 1e-4 || part.some((weight) => weight < -1e-6)) faults += 1;
        }
        expect(faults).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('by area keeps the mean of the image when it shrinks', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 30 * 23, maxLength: 30 * 23 }),
        fc.integer({ min: 1, max: 23 }),
        (cells, size) => {
          const mean = (values: ArrayLike<number>): number =>
            Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
          expect(mean(resized(cells, 30, size, areaWeights))).toBeCloseTo(mean(cells), 2);
        },
      ),
      { numRuns: 40 },
    );
  });
});
