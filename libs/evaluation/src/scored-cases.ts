import { EvaluationError } from './evaluation.errors';

/** A case is one image. `labels[i]` is 1 when the finding is present, else 0; a higher `scores[i]` says "more likely present". */
export interface ScoredCases {
  readonly labels: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
}

export interface ClassCounts {
  readonly cases: number;
  readonly positives: number;
  readonly negatives: number;
}

/**
 * Checks that labels and scores belong together and can be used.
 *
 * @throws EvaluationError `EVAL.EMPTY`, `EVAL.LENGTH_MISMATCH`, `EVAL.BAD_LABEL` (not 0 or 1), `EVAL.BAD_SCORE` (not finite).
 */
export function checkCases({ labels, scores }: ScoredCases): ClassCounts {
  if (labels.length !== scores.length) {
    throw new EvaluationError(
      'EVAL.LENGTH_MISMATCH',
      `expected as many scores as labels, got ${scores.length} scores and ${labels.length} labels`,
      { details: { labels: labels.length, scores: scores.length } },
    );
  }
  if (labels.length === 0) throw new EvaluationError('EVAL.EMPTY', 'expected at least one case, got none');
  let positives = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    const score = scores[i];
    if (label !== 0 && label !== 1) {
      throw new EvaluationError('EVAL.BAD_LABEL', `expected label 0 or 1 at index ${i}, got ${String(label)}`);
    }
    if (score === undefined || !Number.isFinite(score)) {
      throw new EvaluationError('EVAL.BAD_SCORE', `expected a finite score at index ${i}, got ${String(score)}`);
    }
    positives += label;
  }
  return { cases: labels.length, positives, negatives: labels.length - positives };
}

/** As `checkCases`, and both classes occur. @throws EvaluationError also `EVAL.ONE_CLASS`. */
export function checkTwoClasses(cases: ScoredCases): ClassCounts {
  const counts = checkCases(cases);
  if (counts.positives === 0 || counts.negatives === 0) {
    throw new EvaluationError(
      'EVAL.ONE_CLASS',
      `expected positive and negative cases, got ${counts.positives} positive and ${counts.negatives} negative`,
      { details: { positives: counts.positives, negatives: counts.negatives } },
    );
  }
  return counts;
}

/** As `checkCases`, and every score is a probability. @throws EvaluationError also `EVAL.NOT_PROBABILITY`. */
export function checkProbabilities(cases: ScoredCases): ClassCounts {
  const counts = checkCases(cases);
  for (let i = 0; i < cases.scores.length; i++) {
    const score = cases.scores[i] ?? 0;
    if (score < 0 || score > 1) {
      throw new EvaluationError('EVAL.NOT_PROBABILITY', `expected a probability in [0, 1] at index ${i}, got ${score}`);
    }
  }
  return counts;
}

/** @throws EvaluationError `EVAL.BAD_OPTION` unless 0 < confidence < 1. */
export function checkConfidence(confidence: number): number {
  if (confidence > 0 && confidence < 1) return confidence;
  throw new EvaluationError('EVAL.BAD_OPTION', `expected a confidence between 0 and 1, got ${confidence}`);
}
