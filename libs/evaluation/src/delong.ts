import { normalQuantile } from '@fedistl/core';
import { EvaluationError } from './evaluation.errors';
import { descendingOrder } from './score-groups';
import { checkConfidence, checkTwoClasses, type ScoredCases } from './scored-cases';

/**
 * The placement values of DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988): for positive case i, v10[i] is the share
 * of negatives that it beats, for negative case j, v01[j] the share of positives that beat it; ties count one half.
 */
export interface Placements {
  readonly auc: number;
  /** One for each positive case, in the order of the cases. */
  readonly v10: Float64Array;
  /** One for each negative case, in the order of the cases. */
  readonly v01: Float64Array;
}

/**
 * Placement values in O(n log n). Sun and Xu (IEEE Signal Processing Letters 21, 2014) get them as differences of mid-ranks;
 * the counts of cases above, and half of those level, are the same numbers.
 *
 * @throws EvaluationError `EVAL.EMPTY`, `EVAL.LENGTH_MISMATCH`, `EVAL.BAD_LABEL`, `EVAL.BAD_SCORE`, `EVAL.ONE_CLASS`.
 */
export function placements(cases: ScoredCases): Placements {
  const counts = checkTwoClasses(cases);
  const { labels, scores } = cases;
  const byCase = new Float64Array(counts.cases);
  const order = descendingOrder(scores);
  let [positivesAbove, negativesAbove, twiceWon] = [0, 0, 0];
  for (let start = 0, end = 0; start < order.length; start = end) {
    const score = scores[order[start] ?? 0];
    let positives = 0;
    for (; end < order.length && scores[order[end] ?? 0] === score; end++) positives += labels[order[end] ?? 0] ?? 0;
    const negatives = end - start - positives;
    for (const i of order.subarray(start, end)) {
      byCase[i] =
        labels[i] === 1
          ? (counts.negatives - negativesAbove - negatives / 2) / counts.negatives
          : (positivesAbove + positives / 2) / counts.positives;
    }
    twiceWon += negatives * (2 * positivesAbove + positives);
    positivesAbove += positives;
    negativesAbove += negatives;
  }
  return {
    auc: twiceWon / (2 * counts.positives * counts.negatives),
    v10: byCase.filter((_, i) => labels[i] === 1),
    v01: byCase.filter((_, i) => labels[i] !== 1),
  };
}

/** Sample covariance (denominator n - 1) of two equally long series. */
function sampleCovariance(a: Float64Array, b: Float64Array): number {
  const mean = (x: Float64Array): number => x.reduce((sum, value) => sum + value, 0) / x.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - meanA) * ((b[i] ?? 0) - meanB);
  return sum / (a.length - 1);
}

/**
 * Estimated covariance of the two AUCs on the same cases: S10 / m + S01 / n. With `a` and `b` the same, the variance.
 *
 * @throws EvaluationError `EVAL.TOO_FEW` with fewer than two cases of a class: their spread is then unknown.
 */
export function delongCovariance(a: Placements, b: Placements): number {
  const [positives, negatives] = [a.v10.length, a.v01.length];
  if (positives < 2 || negatives < 2) {
    throw new EvaluationError(
      'EVAL.TOO_FEW',
      `expected at least two cases of each class for a variance, got ${positives} positive and ${negatives} negative`,
      { details: { positives, negatives } },
    );
  }
  return sampleCovariance(a.v10, b.v10) / positives + sampleCovariance(a.v01, b.v01) / negatives;
}

export interface AucInterval {
  readonly auc: number;
  readonly variance: number;
  readonly standardError: number;
  readonly confidence: number;
  readonly lower: number;
  readonly upper: number;
}

export interface AucIntervalOptions {
  /** Default 0.95. */
  readonly confidence?: number;
  /**
   * `normal` (default, as the paper reports): AUC +- z SE, cut to [0, 1]. `logit`: symmetric on the log-odds scale, which
   * covers better near 1 and never leaves (0, 1); an AUC of exactly 0 or 1 has no logit, and gives itself at both ends.
   */
  readonly method?: 'normal' | 'logit';
}

/**
 * AUC with DeLong's variance and confidence interval.
 *
 * @throws EvaluationError as `placements`, and `EVAL.TOO_FEW`, `EVAL.BAD_OPTION`.
 */
export function delongInterval(cases: ScoredCases, options: AucIntervalOptions = {}): AucInterval {
  const { confidence = 0.95, method = 'normal' } = options;
  const z = normalQuantile((1 + checkConfidence(confidence)) / 2);
  const placed = placements(cases);
  const variance = delongCovariance(placed, placed);
  const standardError = Math.sqrt(variance);
  const { auc } = placed;
  const shared = { auc, variance, standardError, confidence };
  if (method === 'normal') {
    return { ...shared, lower: Math.max(0, auc - z * standardError), upper: Math.min(1, auc + z * standardError) };
  }
  if (auc === 0 || auc === 1) return { ...shared, lower: auc, upper: auc };
  const logit = Math.log(auc / (1 - auc));
  const half = (z * standardError) / (auc * (1 - auc));
  const inverse = (x: number): number => 1 / (1 + Math.exp(-x));
  return { ...shared, lower: inverse(logit - half), upper: inverse(logit + half) };
}
