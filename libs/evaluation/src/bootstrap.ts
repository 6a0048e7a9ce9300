import { normalQuantile, type Rng } from '@fedistl/core';
import { EvaluationError } from './evaluation.errors';
import { normalCdf } from './normal-distribution';
import { checkConfidence } from './scored-cases';

/**
 * A statistic of resampled cases: `weights[i]` says how often case i was drawn (0, 1, 2, ...). `undefined` when the resample
 * does not define it, such as an AUC of one class only.
 */
export type WeightedStatistic = (weights: Uint32Array) => number | undefined;

export interface BootstrapOptions {
  readonly rng: Rng;
  /** Default 2000. */
  readonly resamples?: number;
  /** Default 0.95. */
  readonly confidence?: number;
  /**
   * `percentile` (default), or `bca`: bias-corrected and accelerated (Efron, JASA 82, 1987), whose acceleration leaves out one
   * patient after the other.
   */
  readonly method?: 'percentile' | 'bca';
}

export interface BootstrapInterval {
  /** On the cases as they are. */
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  /** Standard deviation of the resampled values. */
  readonly standardError: number;
  readonly confidence: number;
  readonly method: 'percentile' | 'bca';
  readonly patients: number;
  readonly resamples: number;
  /** Resamples on which the statistic was undefined; they are left out. */
  readonly undefinedResamples: number;
}

/** Row numbers by patient: the unit of resampling, since images of one patient are not independent. */
export function casesByPatient(patients: ArrayLike<string>): Uint32Array[] {
  const rows = new Map<string, number[]>();
  for (let i = 0; i < patients.length; i++) {
    const patient = patients[i] ?? '';
    const known = rows.get(patient);
    if (known) known.push(i);
    else rows.set(patient, [i]);
  }
  return Array.from(rows.values(), (list) => Uint32Array.from(list));
}

/**
 * Bootstrap by patient: draws as many patients as there are, with replacement, each with all of its cases.
 *
 * @param patients - one per case; pass distinct names where every case is a patient of its own.
 * @throws EvaluationError `EVAL.EMPTY`, `EVAL.BAD_OPTION`, `EVAL.UNDEFINED` (the statistic is undefined on the cases
 *   themselves, or on more than half of the resamples).
 */
export function bootstrap(
  patients: ArrayLike<string>,
  statistic: WeightedStatistic,
  options: BootstrapOptions,
): BootstrapInterval {
  const { rng, resamples = 2000, confidence = 0.95, method = 'percentile' } = options;
  checkConfidence(confidence);
  if (!Number.isInteger(resamples) || resamples < 100 || resamples > 1_000_000) {
    throw new EvaluationError('EVAL.BAD_OPTION', `expected 100 to 1000000 resamples, got ${resamples}`);
  }
  if (patients.length === 0) throw new EvaluationError('EVAL.EMPTY', 'expected at least one case, got none');
  const estimate = statistic(new Uint32Array(patients.length).fill(1));
  if (estimate === undefined) {
    throw new EvaluationError(
      'EVAL.UNDEFINED',
      'expected a statistic that is defined on the cases, got an undefined one',
    );
  }
  const groups = casesByPatient(patients);
  const values: number[] = [];
  const weights = new Uint32Array(patients.length);
  for (let b = 0; b < resamples; b++) {
    weights.fill(0);
    groups.forEach(() => {
      for (const row of groups[rng.int(groups.length)] ?? []) weights[row] = (weights[row] ?? 0) + 1;
    });
    const value = statistic(weights);
    if (value !== undefined) values.push(value);
  }
  if (values.length < resamples / 2) {
    throw new EvaluationError(
      'EVAL.UNDEFINED',
      `expected a statistic that is defined on most resamples, it was undefined on ${resamples - values.length} of ${resamples}`,
    );
  }
  const sorted = Float64Array.from(values).sort();
  const tail = (1 - confidence) / 2;
  const [low, high] =
    method === 'bca' ? bcaLevels(sorted, estimate, tail, jackknife(groups, statistic)) : [tail, 1 - tail];
  return {
    estimate,
    lower: quantile(sorted, low),
    upper: quantile(sorted, high),
    standardError: standardDeviation(sorted),
    confidence,
    method,
    patients: groups.length,
    resamples,
    undefinedResamples: resamples - values.length,
  };
}

/** Quantile with linear interpolation between order statistics (Hyndman and Fan's type 7). */
function quantile(sorted: Float64Array, level: number): number {
  const position = level * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] ?? 0;
  return low + (position - below) * ((sorted[below + 1] ?? low) - low);
}

function standardDeviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length - 1));
}

/** The statistic with each patient left out in turn, where it is defined. */
function jackknife(groups: readonly Uint32Array[], statistic: WeightedStatistic): number[] {
  const weights = new Uint32Array(groups.reduce((sum, rows) => sum + rows.length, 0)).fill(1);
  return groups.flatMap((rows) => {
    for (const row of rows) weights[row] = 0;
    const value = statistic(weights);
    for (const row of rows) weights[row] = 1;
    return value === undefined ? [] : [value];
  });
}

/** The two levels whose quantiles bound the BCa interval. Values level with the estimate count one half in the bias. */
function bcaLevels(
  sorted: Float64Array,
  estimate: number,
  tail: number,
  leftOut: readonly number[],
): readonly [number, number] {
  const below = sorted.reduce((sum, v) => sum + (v < estimate ? 1 : v === estimate ? 0.5 : 0), 0) / sorted.length;
  // All values on one side: no bias can be estimated, and the percentile interval is what is left.
  if (below <= 0 || below >= 1) return [tail, 1 - tail];
  const bias = normalQuantile(below);
  const mean = leftOut.reduce((sum, value) => sum + value, 0) / leftOut.length;
  const moment = (power: number): number => leftOut.reduce((sum, value) => sum + (mean - value) ** power, 0);
  const spread = moment(2);
  const acceleration = spread > 0 ? moment(3) / (6 * spread ** 1.5) : 0;
  const level = (z: number): number => normalCdf(bias + (bias + z) / (1 - acceleration * (bias + z)));
  return [level(normalQuantile(tail)), level(normalQuantile(1 - tail))];
}
