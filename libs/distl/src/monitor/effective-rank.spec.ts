import { createRng } from '@fedistl/core';
import { effectiveRank } from './effective-rank';

describe('effectiveRank', () => {
  it('is 1 for equal rows and for rows on one line', () => {
    expect(effectiveRank(new Float32Array(12).fill(3), 4)).toBe(1);
    expect(effectiveRank([0, 0, 1, 2, 2, 4, 5, 10], 4)).toBeCloseTo(1, 6);
  });

  it('is the number of equally used directions', () => {
    // Corners of a regular simplex: after centring, three equal singular values.
    const corners = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
    expect(effectiveRank(corners, 4)).toBeCloseTo(3, 6);
  });

  it('is exp of the entropy of the singular values where they differ', () => {
    // Singular values 3 and 1: p = 3/4, 1/4.
    const s = Math.SQRT1_2;
    const rows = [3 * s, 0, -3 * s, 0, 0, s, 0, -s];
    const expected = Math.exp(-(0.75 * Math.log(0.75) + 0.25 * Math.log(0.25)));
    expect(effectiveRank(rows, 4)).toBeCloseTo(expected, 10);
  });

  it('does not change when features are shifted, scaled or their rows reordered', () => {
    const rows = 16;
    const width = 24;
    const features = createRng(4).fillNormal(new Float64Array(rows * width));
    const rank = effectiveRank(features, rows);
    expect(rank).toBeGreaterThan(10);
    expect(
      effectiveRank(
        features.map((value) => 7 * value + 2),
        rows,
      ),
    ).toBeCloseTo(rank, 8);
    const reversed = Float64Array.from({ length: rows * width }, (_, i) => {
      const row = rows - 1 - Math.floor(i / width);
      return features[row * width + (i % width)]!;
    });
    expect(effectiveRank(reversed, rows)).toBeCloseTo(rank, 8);
  });
});
