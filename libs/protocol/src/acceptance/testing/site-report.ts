import { parseModelHash, parsePlanHash, parseSiteId, parseStudyId } from '@fedistl/core';
import { type EvaluationReport } from '../../messages/evaluation-report.schema';

export const candidateHash = parseModelHash('a'.repeat(64));
export const referenceHash = parseModelHash('b'.repeat(64));

/** A site's report that a candidate's AUC differs from the teacher's so much, with a 90 % interval of so much on either side. */
export function siteReport(
  site: string,
  difference: number,
  half: number,
  change: Partial<EvaluationReport> = {},
): EvaluationReport {
  return {
    type: 'evaluation-report',
    version: 1,
    studyId: parseStudyId('tb'),
    generation: 1,
    siteId: parseSiteId(site),
    planHash: parsePlanHash('c'.repeat(64)),
    candidateHash,
    referenceHash,
    holdOut: { patients: 100, positives: 40, negatives: 60 },
    confidence: 0.9,
    auc: { value: 0.9, low: 0.85, high: 0.95 },
    aucVariance: 0.001,
    aucDifference: {
      value: difference,
      low: Math.max(-1, difference - half),
      high: Math.min(1, difference + half),
    },
    brier: 0.1,
    expectedCalibrationError: 0.02,
    operatingPoints: [],
    nonce: '0'.repeat(32),
    createdAt: '2026-01-01T00:00:00Z',
    ...change,
  };
}
