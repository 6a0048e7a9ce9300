import { normalQuantile } from '@fedistl/core';
import { EvaluationError } from './evaluation.errors';
import { checkConfidence } from './scored-cases';

/** What a site reports of its private hold-out: an AUC and its standard error. */
export interface SiteAuc {
  readonly site: string;
  readonly auc: number;
  readonly standardError: number;
}

export interface PooledAuc {
  readonly auc: number;
  readonly lower: number;
  readonly upper: number;
  readonly confidence: number;
  /** Between-site variance tau^2 on the logit scale. */
  readonly betweenSiteVariance: number;
  /** Cochran's Q. */
  readonly q: number;
  /** Share of the variation that is due to the sites rather than to chance (I^2), 0 to 1. */
  readonly heterogeneity: number;
  /** Weight of each site in the pooled value, summing to 1, in the order given. */
  readonly weights: readonly { readonly site: string; readonly weight: number }[];
}

/**
 * Pools AUCs across sites by a random-effects meta-analysis of their logits (DerSimonian and Laird, Controlled Clinical
 * Trials 7, 1986); the standard error of a logit is SE / (AUC (1 - AUC)). With equal AUCs it is the fixed-effect mean.
 *
 * @throws EvaluationError `EVAL.EMPTY`, `EVAL.BAD_SITE_RESULT` (an AUC outside (0, 1), which has no logit, or a standard error
 *   that is not positive and finite), `EVAL.BAD_OPTION`.
 */
export function poolAuc(sites: readonly SiteAuc[], confidence = 0.95): PooledAuc {
  const z = normalQuantile((1 + checkConfidence(confidence)) / 2);
  if (sites.length === 0) throw new EvaluationError('EVAL.EMPTY', 'expected the result of at least one site, got none');
  for (const { site, auc, standardError } of sites) {
    if (!(auc > 0 && auc < 1 && standardError > 0 && standardError < Infinity)) {
      throw new EvaluationError(
        'EVAL.BAD_SITE_RESULT',
        `expected of site "${site}" an AUC between 0 and 1, both excluded, with a positive standard error, got ${auc} with ${standardError}`,
        { details: { site, auc, standardError } },
      );
    }
  }
  const logits = sites.map(({ auc }) => Math.log(auc / (1 - auc)));
  const variances = sites.map(({ auc, standardError }) => (standardError / (auc * (1 - auc))) ** 2);
  const fixed = variances.map((variance) => 1 / variance);
  const fixedMean = weightedMean(logits, fixed);
  const q = logits.reduce((total, logit, i) => total + (fixed[i] ?? 0) * (logit - fixedMean) ** 2, 0);
  const freedom = sites.length - 1;
  const scale = sum(fixed) - sum(fixed.map((weight) => weight * weight)) / sum(fixed);
  const betweenSiteVariance = freedom > 0 && scale > 0 ? Math.max(0, (q - freedom) / scale) : 0;
  const weights = variances.map((variance) => 1 / (variance + betweenSiteVariance));
  const mean = weightedMean(logits, weights);
  const half = z / Math.sqrt(sum(weights));
  const inverse = (logit: number): number => 1 / (1 + Math.exp(-logit));
  return {
    auc: inverse(mean),
    lower: inverse(mean - half),
    upper: inverse(mean + half),
    confidence,
    betweenSiteVariance,
    q,
    heterogeneity: q > freedom ? (q - freedom) / q : 0,
    weights: sites.map(({ site }, i) => ({ site, weight: (weights[i] ?? 0) / sum(weights) })),
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function weightedMean(values: readonly number[], weights: readonly number[]): number {
  return sum(values.map((value, i) => value * (weights[i] ?? 0))) / sum(weights);
}
