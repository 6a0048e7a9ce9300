import { normalQuantile } from '@fedistl/core';
import { delongCovariance, type Placements, placements } from './delong';
import { twoSidedP } from './normal-distribution';
import { checkConfidence, type ScoredCases } from './scored-cases';

/** Comparison of two AUCs. The difference is A minus B. */
export interface AucComparison {
  readonly aucA: number;
  readonly aucB: number;
  readonly difference: number;
  readonly varianceA: number;
  readonly varianceB: number;
  readonly covariance: number;
  /** Of the difference. */
  readonly standardError: number;
  readonly confidence: number;
  /** Confidence interval of the difference. */
  readonly lower: number;
  readonly upper: number;
  /** `null` when the AUCs differ but their estimated variance is zero: DeLong's test then says nothing. */
  readonly z: number | null;
  /** Two-sided. `null` as `z`. */
  readonly p: number | null;
}

export interface PairedScores {
  readonly labels: ArrayLike<number>;
  readonly scoresA: ArrayLike<number>;
  readonly scoresB: ArrayLike<number>;
}

/**
 * DeLong's paired test of two models on the same cases: z = (A - B) / sqrt(varA + varB - 2 cov), p = 2 Phi(-|z|).
 *
 * @throws EvaluationError as `delongInterval`.
 */
export function delongPairedTest({ labels, scoresA, scoresB }: PairedScores, confidence = 0.95): AucComparison {
  const a = placements({ labels, scores: scoresA });
  const b = placements({ labels, scores: scoresB });
  return compare(a, b, delongCovariance(a, b), confidence);
}

/** The same for two independent sets of cases (two sites, two subgroups): the covariance is zero. @throws as above. */
export function delongUnpairedTest(casesA: ScoredCases, casesB: ScoredCases, confidence = 0.95): AucComparison {
  return compare(placements(casesA), placements(casesB), 0, confidence);
}

function compare(a: Placements, b: Placements, covariance: number, confidence: number): AucComparison {
  const quantile = normalQuantile((1 + checkConfidence(confidence)) / 2);
  const varianceA = delongCovariance(a, a);
  const varianceB = delongCovariance(b, b);
  const difference = a.auc - b.auc;
  // Rounding can leave a zero variance a little below zero, or a little above: that of two models which rank alike.
  const raw = varianceA + varianceB - 2 * covariance;
  const variance = raw <= 1e-14 * (varianceA + varianceB) ? 0 : raw;
  const standardError = Math.sqrt(variance);
  const whenFlat = difference === 0 ? 0 : null;
  const z = variance > 0 ? difference / standardError : whenFlat;
  return {
    aucA: a.auc,
    aucB: b.auc,
    difference,
    varianceA,
    varianceB,
    covariance,
    standardError,
    confidence,
    lower: Math.max(-1, difference - quantile * standardError),
    upper: Math.min(1, difference + quantile * standardError),
    z,
    p: z === null ? null : twoSidedP(z),
  };
}
