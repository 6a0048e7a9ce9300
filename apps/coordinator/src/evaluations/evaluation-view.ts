import { type SiteId } from '@fedistl/core';
import { normalQuantile } from '@fedistl/core';
import { poolAuc } from '@fedistl/evaluation';
import { type EvaluationOrder, type EvaluationWithdrawal, type StoredEvaluationReport } from '@fedistl/persistence';
import { type Answer, type EvaluationReport } from '@fedistl/protocol';

type GenerationView = Answer<'studyEvaluations'>['generations'][number];

/** One row of the cross-site matrix. */
export function generationView(
  order: EvaluationOrder,
  reports: readonly StoredEvaluationReport[],
  around: {
    readonly awaited: SiteId[];
    readonly withdrawals: readonly EvaluationWithdrawal[];
    /** Of the two-sided interval. */
    readonly confidence: number;
  },
): GenerationView {
  const reasons = order.reasons ?? [];
  return {
    generation: order.generation,
    candidateHash: order.candidateHash,
    referenceHash: order.referenceHash,
    decision: order.decision ?? 'pending',
    reasons: reasons.map(({ code, message }) => ({ code, message })),
    judgement: order.judgement,
    deadlineAt: order.deadlineAt.toISOString(),
    pooledAuc: pooledAuc(
      reports.map(({ report }) => report),
      around.confidence,
    ),
    awaited: around.awaited,
    withdrawn: around.withdrawals.map(({ siteId, code, message }) => ({ siteId, code, message })),
    reports: reports.map(({ receivedAt, report }) => ({ receivedAt: receivedAt.toISOString(), report })),
  };
}

/**
 * AUC over all sites that have one: random-effects meta-analysis of the logits (`poolAuc`, weights by inverse variance). An
 * AUC of exactly 0 or 1 has no logit; then the mean weighted by pairs of a positive and a negative image, with the variance
 * that follows.
 */
export function pooledAuc(reports: readonly EvaluationReport[], confidence: number): GenerationView['pooledAuc'] {
  const able = reports.flatMap(({ siteId, auc, aucVariance, holdOut }) =>
    auc === null || aucVariance === null
      ? []
      : [{ site: siteId, auc: auc.value, variance: aucVariance, pairs: holdOut.positives * holdOut.negatives }],
  );
  if (able.length === 0) return null;
  if (able.every(({ auc, variance }) => auc > 0 && auc < 1 && variance > 0)) {
    const sites = able.map(({ site, auc, variance }) => ({ site, auc, standardError: Math.sqrt(variance) }));
    const { auc, lower, upper } = poolAuc(sites, confidence);
    return { value: auc, low: lower, high: upper };
  }
  const all = able.reduce((sum, { pairs }) => sum + pairs, 0);
  const value = able.reduce((sum, { auc, pairs }) => sum + (auc * pairs) / all, 0);
  const variance = able.reduce((sum, one) => sum + (one.pairs / all) ** 2 * one.variance, 0);
  const half = normalQuantile((1 + confidence) / 2) * Math.sqrt(variance);
  return { value, low: Math.max(0, value - half), high: Math.min(1, value + half) };
}
