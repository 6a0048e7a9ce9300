import { groupByScore } from './score-groups';
import { checkTwoClasses, type ScoredCases } from './scored-cases';

/** What calling every case of score >= `threshold` positive gives. */
export interface RocPoint {
  /** `null` at the origin, where no case is called positive. */
  readonly threshold: number | null;
  /** 1 - specificity. */
  readonly falsePositiveRate: number;
  /** Sensitivity. */
  readonly truePositiveRate: number;
}

/**
 * Every point of the empirical ROC curve from (0, 0) to (1, 1), one for each distinct score; none is dropped.
 *
 * @throws EvaluationError `EVAL.EMPTY`, `EVAL.LENGTH_MISMATCH`, `EVAL.BAD_LABEL`, `EVAL.BAD_SCORE`, `EVAL.ONE_CLASS`.
 */
export function rocCurve(cases: ScoredCases): RocPoint[] {
  const counts = checkTwoClasses(cases);
  const { thresholds, positives, negatives } = groupByScore(cases);
  const points: RocPoint[] = [{ threshold: null, falsePositiveRate: 0, truePositiveRate: 0 }];
  let truePositives = 0;
  let falsePositives = 0;
  thresholds.forEach((threshold, group) => {
    truePositives += positives[group] ?? 0;
    falsePositives += negatives[group] ?? 0;
    points.push({
      threshold,
      falsePositiveRate: falsePositives / counts.negatives,
      truePositiveRate: truePositives / counts.positives,
    });
  });
  return points;
}

/** The point of the curve where sensitivity + specificity - 1 is largest. */
export interface YoudenPoint {
  readonly threshold: number;
  readonly j: number;
  readonly sensitivity: number;
  readonly specificity: number;
}

/**
 * Youden's index of the set (Cancer 3, 1950): a description of its ROC curve. As a working threshold it may only be used on
 * other cases than these; `chooseOperatingPoint` sees to that. Of equal maxima the highest threshold is taken; the
 * comparison is exact, on counts.
 *
 * @throws EvaluationError as `rocCurve`.
 */
export function youdenPoint(cases: ScoredCases): YoudenPoint {
  const counts = checkTwoClasses(cases);
  const { thresholds, positives, negatives } = groupByScore(cases);
  let [truePositives, falsePositives, best] = [0, 0, -Infinity];
  let point: YoudenPoint = { threshold: thresholds[0] ?? 0, j: 0, sensitivity: 0, specificity: 1 };
  thresholds.forEach((threshold, group) => {
    truePositives += positives[group] ?? 0;
    falsePositives += negatives[group] ?? 0;
    const scaled = truePositives * counts.negatives - falsePositives * counts.positives;
    if (scaled <= best) return;
    best = scaled;
    const sensitivity = truePositives / counts.positives;
    const specificity = (counts.negatives - falsePositives) / counts.negatives;
    point = { threshold, j: sensitivity - falsePositives / counts.negatives, sensitivity, specificity };
  });
  return point;
}
