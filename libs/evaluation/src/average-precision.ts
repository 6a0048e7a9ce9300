import { EvaluationError } from './evaluation.errors';
import { groupByScore } from './score-groups';
import { checkCases, type ScoredCases } from './scored-cases';

export interface PrecisionRecallPoint {
  readonly threshold: number;
  readonly precision: number;
  readonly recall: number;
}

/**
 * Precision and recall at each distinct score, highest first.
 *
 * @throws EvaluationError `EVAL.EMPTY`, `EVAL.LENGTH_MISMATCH`, `EVAL.BAD_LABEL`, `EVAL.BAD_SCORE`, and `EVAL.ONE_CLASS`
 *   without a positive case.
 */
export function precisionRecallCurve(cases: ScoredCases): PrecisionRecallPoint[] {
  const counts = checkCases(cases);
  if (counts.positives === 0) throw new EvaluationError('EVAL.ONE_CLASS', 'expected a positive case, got none');
  const { thresholds, positives, negatives } = groupByScore(cases);
  let truePositives = 0;
  let called = 0;
  return Array.from(thresholds, (threshold, group) => {
    truePositives += positives[group] ?? 0;
    called += (positives[group] ?? 0) + (negatives[group] ?? 0);
    return { threshold, precision: truePositives / called, recall: truePositives / counts.positives };
  });
}

/**
 * Average precision: the sum over distinct scores of (recall gained) x precision. No interpolation, ties together.
 *
 * @throws EvaluationError as `precisionRecallCurve`.
 */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  let sum = 0;
  let recallBefore = 0;
  for (const { precision, recall } of precisionRecallCurve({ labels, scores })) {
    sum += (recall - recallBefore) * precision;
    recallBefore = recall;
  }
  return sum;
}
