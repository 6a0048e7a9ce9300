import { normalQuantile } from '@fedistl/core';
import { EvaluationError } from './evaluation.errors';
import { checkConfidence } from './scored-cases';

/** A proportion with its Wilson interval; `value`, `lower` and `upper` are `null` when there was nothing to count. */
export interface Proportion {
  readonly value: number | null;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly successes: number;
  readonly trials: number;
}

/**
 * Wilson's score interval for a binomial proportion (JASA 22, 1927), without continuity correction.
 *
 * @throws EvaluationError `EVAL.BAD_OPTION` unless 0 <= successes <= trials are integers and 0 < confidence < 1.
 */
export function wilsonProportion(successes: number, trials: number, confidence = 0.95): Proportion {
  const isCount = Number.isSafeInteger(successes) && Number.isSafeInteger(trials) && successes >= 0;
  if (!isCount || successes > trials) {
    throw new EvaluationError('EVAL.BAD_OPTION', `expected 0 <= successes <= trials, got ${successes} of ${trials}`);
  }
  const z = normalQuantile((1 + checkConfidence(confidence)) / 2);
  if (trials === 0) return { value: null, lower: null, upper: null, successes, trials };
  const value = successes / trials;
  const square = (z * z) / trials;
  const centre = (value + square / 2) / (1 + square);
  const half = (z / (1 + square)) * Math.sqrt((value * (1 - value)) / trials + square / (4 * trials));
  return {
    value,
    // Exact at the ends, where rounding would leave +-1e-17.
    lower: successes === 0 ? 0 : Math.max(0, centre - half),
    upper: successes === trials ? 1 : Math.min(1, centre + half),
    successes,
    trials,
  };
}
