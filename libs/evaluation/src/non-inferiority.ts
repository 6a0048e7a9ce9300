import { normalQuantile } from '@fedistl/core';
import { EvaluationError } from './evaluation.errors';
import { normalCdf } from './normal-distribution';
import { checkConfidence } from './scored-cases';

export interface NonInferiority {
  /** Whether the candidate is not worse than the incumbent by `margin` or more, at the stated confidence. */
  readonly holds: boolean;
  /** One-sided lower confidence bound of candidate minus incumbent. */
  readonly lowerBound: number;
  /** One-sided p value of the hypothesis "worse by `margin` or more". `null` when the standard error is zero. */
  readonly p: number | null;
  readonly margin: number;
  readonly confidence: number;
}

/**
 * Test of non-inferiority on a difference of AUCs (candidate minus incumbent) and its standard error, as `delongPairedTest`
 * gives them: holds when the one-sided lower bound lies above -margin.
 *
 * @param confidence - one-sided; 0.975 (default) corresponds to the lower end of a two-sided 95 % interval.
 * @throws EvaluationError `EVAL.BAD_OPTION` for a negative margin, a standard error below zero, or a number that is not finite.
 */
export function nonInferiority(
  { difference, standardError }: { readonly difference: number; readonly standardError: number },
  margin: number,
  confidence = 0.975,
): NonInferiority {
  checkConfidence(confidence);
  if (
    !Number.isFinite(difference) ||
    !(standardError >= 0 && standardError < Infinity) ||
    !(margin >= 0 && margin <= 1)
  ) {
    throw new EvaluationError(
      'EVAL.BAD_OPTION',
      `expected a finite difference, a standard error >= 0 and a margin in [0, 1], got ${difference}, ${standardError}, ${margin}`,
    );
  }
  const lowerBound = difference - normalQuantile(confidence) * standardError;
  const p = standardError > 0 ? normalCdf(-(difference + margin) / standardError) : null;
  return { holds: lowerBound > -margin, lowerBound, p, margin, confidence };
}
