import { meanInterval, studentCdf, studentQuantile } from './student-t';

// Tables of Student's t, two-sided 95 % and 99 %.
it.each([
  [0.975, 1, 12.7062047362],
  [0.975, 2, 4.3026527297],
  [0.975, 3, 3.1824463053],
  [0.975, 4, 2.7764451052],
  [0.975, 9, 2.2621571628],
  [0.975, 30, 2.0422724563],
  [0.995, 2, 9.9248432009],
  [0.995, 7, 3.4994832974],
])('quantile %d with %d degrees of freedom', (p, freedom, expected) => {
  expect(studentQuantile(p, freedom)).toBeCloseTo(expected, 8);
});

it('distribution function: half at 0, closed forms for one and two degrees of freedom', () => {
  expect(studentCdf(0, 5)).toBe(0.5);
  expect(studentCdf(1, 1)).toBeCloseTo(0.75, 14);
  expect(studentCdf(1.5, 2)).toBeCloseTo(0.5 + 1.5 / (2 * Math.sqrt(2 + 1.5 ** 2)), 14);
});

it('means have an interval from two measurements on', () => {
  expect(meanInterval([0.8])).toEqual({ mean: 0.8, deviation: null, lower: null, upper: null });
  const { mean, deviation, lower, upper } = meanInterval([0.8, 0.9, 1]);
  expect([mean, deviation]).toEqual([expect.closeTo(0.9, 14), expect.closeTo(0.1, 14)]);
  const half = (4.3026527297 * 0.1) / Math.sqrt(3);
  expect([lower, upper]).toEqual([expect.closeTo(0.9 - half, 9), expect.closeTo(0.9 + half, 9)]);
  expect(() => meanInterval([])).toThrow(expect.objectContaining({ code: 'EVAL.EMPTY' }) as Error);
});
