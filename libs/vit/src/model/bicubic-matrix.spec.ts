import fc from 'fast-check';
import { bicubicMatrix } from './bicubic-matrix';

const apply = (matrix: Float64Array, from: number, values: readonly number[]) =>
  Array.from({ length: matrix.length / from }, (_, row) =>
    values.reduce((sum, value, column) => sum + value * matrix[row * from + column]!, 0),
  );

describe('bicubic matrix', () => {
  it('gives the printed check of distl.md 7.3', () => {
    const result = apply(bicubicMatrix(4, 5), 4, [0, 1, 2, 4]);
    [-0.0643778, 0.5847433, 1.3846623, 2.5477896, 4.0415607].forEach((value, index) => {
      expect(result[index]).toBeCloseTo(value, 7);
    });
  });

  it('is the identity at equal sizes and exact step', () => {
    expect([...bicubicMatrix(3, 3, 1)]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  it('keeps constants: every row sums to 1', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 }), (from, to) => {
        for (const sum of apply(bicubicMatrix(from, to), from, new Array<number>(from).fill(1))) {
          expect(sum).toBeCloseTo(1, 12);
        }
      }),
      { numRuns: 60 },
    );
  });
});
