import { checkCases, type ScoredCases } from './scored-cases';
import { EvaluationError } from './evaluation.errors';
import { type Proportion, wilsonProportion } from './wilson';

export interface ConfusionMatrix {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/**
 * Counts at a threshold: a case is called positive when its score is at least `threshold`.
 *
 * @throws EvaluationError `EVAL.EMPTY`, `EVAL.LENGTH_MISMATCH`, `EVAL.BAD_LABEL`, `EVAL.BAD_SCORE`, `EVAL.BAD_OPTION`.
 */
export function confusionMatrix(cases: ScoredCases, threshold: number): ConfusionMatrix {
  const { positives, negatives } = checkCases(cases);
  if (!Number.isFinite(threshold)) {
    throw new EvaluationError('EVAL.BAD_OPTION', `expected a finite threshold, got ${threshold}`);
  }
  let truePositives = 0;
  let falsePositives = 0;
  for (let i = 0; i < cases.labels.length; i++) {
    if ((cases.scores[i] ?? 0) < threshold) continue;
    if (cases.labels[i] === 1) truePositives++;
    else falsePositives++;
  }
  return {
    truePositives,
    falsePositives,
    trueNegatives: negatives - falsePositives,
    falseNegatives: positives - truePositives,
  };
}

export interface ClassificationMetrics {
  /** Recall of the positive class. */
  readonly sensitivity: Proportion;
  /** Recall of the negative class. */
  readonly specificity: Proportion;
  /** Positive predictive value, precision; depends on the prevalence in the set. */
  readonly ppv: Proportion;
  /** Negative predictive value; depends on the prevalence in the set. */
  readonly npv: Proportion;
  readonly accuracy: Proportion;
  /** 2 TP / (2 TP + FP + FN); see `f1Proportion` for its interval. */
  readonly f1: Proportion;
}

/** The usual measures of a confusion matrix with Wilson intervals. @throws EvaluationError `EVAL.BAD_OPTION`. */
export function classificationMetrics(matrix: ConfusionMatrix, confidence = 0.95): ClassificationMetrics {
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = matrix;
  const share = (successes: number, others: number): Proportion =>
    wilsonProportion(successes, successes + others, confidence);
  return {
    sensitivity: share(truePositives, falseNegatives),
    specificity: share(trueNegatives, falsePositives),
    ppv: share(truePositives, falsePositives),
    npv: share(trueNegatives, falseNegatives),
    accuracy: share(truePositives + trueNegatives, falsePositives + falseNegatives),
    f1: f1Proportion(share(truePositives, falsePositives + falseNegatives)),
  };
}

/**
 * F1 is no proportion of cases, but a growing function of one: with s = TP / (TP + FP + FN), F1 = 2 s / (1 + s). Wilson's
 * interval of s, put through the same function, is F1's.
 */
function f1Proportion(similarity: Proportion): Proportion {
  const toF1 = (s: number | null): number | null => (s === null ? null : (2 * s) / (1 + s));
  const { value, lower, upper, successes, trials } = similarity;
  return { value: toF1(value), lower: toF1(lower), upper: toF1(upper), successes, trials };
}
