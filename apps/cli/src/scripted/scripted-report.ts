import { type SiteId } from '@fedistl/core';
import { randomBytes, toHex } from '@fedistl/crypto';
import { type EvaluationOrder, type EvaluationReport } from '@fedistl/protocol';

/** A report on an order as a site with 40 labelled images might send it; nothing was measured. */
export function scriptedReport(siteId: SiteId, order: EvaluationOrder): EvaluationReport {
  const { studyId, generation, planHash, candidateHash, referenceHash } = order;
  return {
    type: 'evaluation-report',
    version: 1,
    studyId,
    generation,
    siteId,
    planHash,
    candidateHash,
    referenceHash,
    holdOut: { patients: 40, positives: 20, negatives: 20 },
    confidence: 0.95,
    auc: { value: 0.75, low: 0.6, high: 0.9 },
    aucVariance: 0.0059,
    aucDifference: referenceHash === null ? null : { value: 0.01, low: -0.01, high: 0.03 },
    brier: 0.2,
    expectedCalibrationError: 0.1,
    operatingPoints: [],
    nonce: toHex(randomBytes(16)),
    createdAt: new Date().toISOString(),
  };
}
