import { type DistanceMatrix } from './distance-matrix';

export interface GeometricMedianOptions {
  /** Weight of each update, positive. */
  readonly weights: readonly number[];
  readonly maximumIterations: number;
  /** nu > 0: distances below it count as nu. */
  readonly smoothing: number;
}

/** Relative change of the coefficients below which the iteration stops. */
const tolerance = 1e-12;

/**
 * Coefficients c_i, summing to 1, of the geometric median sum_i c_i x_i, by the smoothed Weiszfeld algorithm (RFA,
 * Algorithm 2, arXiv 1912.13445): c_i proportional to w_i / max(nu, ||v - x_i||).
 *
 * Every iterate is an affine combination of the updates, so its distances follow from the pairwise ones alone,
 * ||v - x_i||^2 = sum_j c_j d_ij - 1/2 sum_jk c_j c_k d_jk: the iteration runs in n numbers and reads no update.
 */
export function geometricMedianCoefficients(
  distances: DistanceMatrix,
  { weights, maximumIterations, smoothing }: GeometricMedianOptions,
): number[] {
  let coefficients = normalised(weights);
  for (let iteration = 0; iteration < maximumIterations; iteration++) {
    const reach = distancesToCombination(distances, coefficients);
    const next = normalised(weights.map((weight, i) => weight / Math.max(smoothing, reach[i] ?? 0)));
    const change = Math.max(...next.map((value, i) => Math.abs(value - (coefficients[i] ?? 0))));
    coefficients = next;
    if (change <= tolerance) break;
  }
  return coefficients;
}

function normalised(values: readonly number[]): number[] {
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
}

/** ||sum_j c_j x_j - x_i|| for each i, the coefficients summing to 1. */
function distancesToCombination(distances: DistanceMatrix, coefficients: readonly number[]): number[] {
  const toEach = coefficients.map((_, i) =>
    coefficients.reduce((sum, coefficient, j) => sum + coefficient * distances.at(i, j), 0),
  );
  const spread = coefficients.reduce((sum, coefficient, j) => sum + coefficient * (toEach[j] ?? 0), 0) / 2;
  return toEach.map((squared) => Math.sqrt(Math.max(0, squared - spread)));
}
