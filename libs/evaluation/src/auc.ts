import { groupByScore } from './score-groups';
import { checkTwoClasses, type ScoredCases } from './scored-cases';

/**
 * Area under the empirical ROC curve: the chance that a positive case scores above a negative one, ties counting one half
 * (Mann-Whitney). O(n log n).
 *
 * @throws EvaluationError `EVAL.EMPTY`, `EVAL.LENGTH_MISMATCH`, `EVAL.BAD_LABEL`, `EVAL.BAD_SCORE`, `EVAL.ONE_CLASS`.
 */
export function auc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const cases: ScoredCases = { labels, scores };
  const counts = checkTwoClasses(cases);
  const { positives, negatives } = groupByScore(cases);
  return aucOfCounts(positives, negatives, counts.positives, counts.negatives);
}

/**
 * AUC from counts per group of equal score, highest score first. Twice the number of won pairs is an integer, so that the
 * only rounding is that of one division (up to 2^52 pairs).
 */
export function aucOfCounts(
  positives: ArrayLike<number>,
  negatives: ArrayLike<number>,
  totalPositives: number,
  totalNegatives: number,
): number {
  let positivesAbove = 0;
  let twiceWon = 0;
  for (let group = 0; group < positives.length; group++) {
    const here = positives[group] ?? 0;
    twiceWon += (negatives[group] ?? 0) * (2 * positivesAbove + here);
    positivesAbove += here;
  }
  return twiceWon / (2 * totalPositives * totalNegatives);
}
