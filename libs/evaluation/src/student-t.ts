import { EvaluationError } from './evaluation.errors';

/** Mean of a few measurements. The bounds are null when there is one only. */
export interface MeanInterval {
  readonly mean: number;
  /** Standard deviation of the measurements (divisor n - 1); null when there is one. */
  readonly deviation: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
}

/**
 * Mean with Student's t interval, for instance of an AUC over repetitions with other seeds.
 *
 * @throws EvaluationError `EVAL.EMPTY`
 */
export function meanInterval(values: readonly number[], confidence = 0.95): MeanInterval {
  const n = values.length;
  if (n === 0) throw new EvaluationError('EVAL.EMPTY', 'expected at least one measurement, got none');
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) return { mean, deviation: null, lower: null, upper: null };
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const half = (studentQuantile((1 + confidence) / 2, n - 1) * deviation) / Math.sqrt(n);
  return { mean, deviation, lower: mean - half, upper: mean + half };
}

/** The value below which a share `p` of Student's t distribution lies. @param p from 0.5, below 1 @param freedom whole, from 1 */
export function studentQuantile(p: number, freedom: number): number {
  let [low, high] = [0, 1];
  while (studentCdf(high, freedom) < p) high *= 2;
  for (let step = 0; step < 200 && high - low > 1e-15 * high; step++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, freedom) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Student's t distribution function for t ≥ 0 and whole degrees of freedom, by its finite trigonometric series
 * (Abramowitz and Stegun 26.7.3, 26.7.4).
 */
export function studentCdf(t: number, freedom: number): number {
  const angle = Math.atan(t / Math.sqrt(freedom));
  const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? cosine : 1;
  let sum = 0;
  for (let k = isOdd ? 1 : 0; k <= freedom - 2; k += 2) {
    sum += term;
    term *= (cosine * cosine * (k + 1)) / (k + 2);
  }
  const within = isOdd ? (2 / Math.PI) * (angle + sine * sum) : sine * sum;
  return 0.5 + within / 2;
}
