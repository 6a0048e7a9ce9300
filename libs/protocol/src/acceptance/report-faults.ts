import { type EvaluationReport } from '../messages/evaluation-report.schema';
import { type AcceptancePlan } from '../plan/acceptance-plan.schema';
import { type CandidateQuestion, type RejectionReason } from './candidate-question';

/** What makes a report unfit to judge by: a second one of its site, another pair of models, too narrow an interval. */
export function reportFaults(report: EvaluationReport, question: CandidateQuestion): RejectionReason[] {
  return [
    ...twoReports(report, question.reports),
    ...otherModel(report, question),
    ...(question.referenceHash === null ? [] : narrowInterval(report, question.rule)),
  ];
}

function twoReports({ siteId }: EvaluationReport, reports: readonly EvaluationReport[]): RejectionReason[] {
  const count = reports.filter((other) => other.siteId === siteId).length;
  if (count === 1) return [];
  const message = `expected one report from ${siteId}, got ${count}`;
  return [{ code: 'ACCEPTANCE.TWO_REPORTS', siteId, message }];
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

function narrowInterval({ siteId, confidence, auc }: EvaluationReport, rule: AcceptancePlan): RejectionReason[] {
  const needed = 2 * rule.confidence - 1;
  // A tolerance for how 2c - 1 rounds: 2 * 0.95 - 1 is not quite 0.9.
  if (auc === null || confidence >= needed - 1e-9) return [];
  const message = `expected an interval at confidence ${needed} or more from ${siteId}, got ${confidence}`;
  return [{ code: 'ACCEPTANCE.INTERVAL_TOO_NARROW', siteId, message }];
}
