import { type ModelHash, type SiteId } from '@fedistl/core';
import { type EvaluationReport } from '../messages/evaluation-report.schema';
import { type AcceptancePlan } from '../plan/study-plan.schema';

export interface CandidateQuestion {
  readonly rule: AcceptancePlan;
  readonly candidateHash: ModelHash;
  /** The teacher in force; null when the candidate is a study's first model. */
  readonly referenceHash: ModelHash | null;
  /** Verified reports, in any order. */
  readonly reports: readonly EvaluationReport[];
}

/** Why a candidate is not promoted; codes are listed in docs/errors/protocol.md. */
export interface RejectionReason {
  readonly code: RejectionCode;
  readonly siteId: SiteId | null;
  readonly message: string;
}

export type RejectionCode =
  | 'ACCEPTANCE.OTHER_MODEL'
  | 'ACCEPTANCE.TWO_REPORTS'
  | 'ACCEPTANCE.INTERVAL_TOO_NARROW'
  | 'ACCEPTANCE.WORSE'
  | 'ACCEPTANCE.TOO_FEW_SITES';

/**
 * The plan's acceptance rule: every site that can measure must find the candidate not worse than the teacher by more than
 * the margin, and enough sites must be able to. A site whose hold-out has fewer than two images of a class has no AUC and does
 * not count.
 *
 * Non-inferiority at one-sided confidence c is: the lower end of the two-sided interval at 2c - 1, or wider, lies above minus
 * the margin. For a first model there is nothing to compare with; then the number of sites alone decides.
 *
 * @returns every reason against, or none: then the candidate is promoted. Pure.
 */
export function judgeCandidate(question: CandidateQuestion): RejectionReason[] {
  const { rule, reports } = question;
  const able = reports.filter(({ auc }) => auc !== null);
  const sites = new Set(able.map(({ siteId }) => siteId)).size;
  const reasons = reports.flatMap((report, i) => [...duplicate(reports, i), ...otherModel(report, question)]);
  if (question.referenceHash !== null) reasons.push(...able.flatMap((report) => inferiority(report, rule)));
  if (sites >= rule.minimumSites) return reasons;
  const message = `expected reports with an AUC from at least ${rule.minimumSites} sites, got ${sites}`;
  return [...reasons, { code: 'ACCEPTANCE.TOO_FEW_SITES', siteId: null, message }];
}

function duplicate(reports: readonly EvaluationReport[], index: number): RejectionReason[] {
  const siteId = reports[index]?.siteId ?? null;
  if (reports.findIndex((report) => report.siteId === siteId) === index) return [];
  return [{ code: 'ACCEPTANCE.TWO_REPORTS', siteId, message: `expected one report from ${siteId ?? ''}, got another` }];
}

function otherModel(
  { siteId, candidateHash, referenceHash }: EvaluationReport,
  expected: CandidateQuestion,
): RejectionReason[] {
  if (candidateHash === expected.candidateHash && referenceHash === expected.referenceHash) return [];
  const message =
    `expected ${siteId} to compare ${expected.candidateHash} with ${expected.referenceHash ?? 'nothing'}, ` +
    `got ${candidateHash} with ${referenceHash ?? 'nothing'}`;
  return [{ code: 'ACCEPTANCE.OTHER_MODEL', siteId, message }];
}

function inferiority({ siteId, confidence, aucDifference }: EvaluationReport, rule: AcceptancePlan): RejectionReason[] {
  const needed = 2 * rule.confidence - 1;
  // A tolerance for how 2c - 1 rounds: 2 * 0.95 - 1 is not quite 0.9.
  if (confidence < needed - 1e-9) {
    const message = `expected an interval at confidence ${needed} or more from ${siteId}, got ${confidence}`;
    return [{ code: 'ACCEPTANCE.INTERVAL_TOO_NARROW', siteId, message }];
  }
  const low = aucDifference?.low ?? -Infinity;
  if (low > -rule.nonInferiorityMargin) return [];
  const message = `expected the AUC at ${siteId} to fall by less than ${rule.nonInferiorityMargin}, it may fall by ${-low}`;
  return [{ code: 'ACCEPTANCE.WORSE', siteId, message }];
}
