import { type ModelHash, type SiteId } from '@fedistl/core';
import { type EvaluationReport } from '../messages/evaluation-report.schema';
import { type AcceptancePlan } from '../plan/acceptance-plan.schema';

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
  | 'ACCEPTANCE.MAY_BE_WORSE'
  | 'ACCEPTANCE.SITE_WORSE'
  | 'ACCEPTANCE.POOLED_MAY_BE_WORSE'
  | 'ACCEPTANCE.TOO_FEW_SITES';
