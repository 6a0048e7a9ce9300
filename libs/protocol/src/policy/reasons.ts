/** Why a site will not do what it is asked; codes are listed in docs/errors/protocol.md. */
export interface RefusalReason {
  readonly code: RefusalCode;
  readonly message: string;
}

export type RefusalCode =
  | 'POLICY.STUDY_NOT_ALLOWED'
  | 'POLICY.PLAN_NOT_ALLOWED'
  | 'POLICY.TOO_FEW_PEERS'
  | 'POLICY.TOO_FEW_STEPS'
  | 'POLICY.BATCH_TOO_SMALL'
  | 'POLICY.SECURE_AGGREGATION_REQUIRED'
  | 'POLICY.RECORD_PRIVACY_REQUIRED'
  | 'POLICY.UPLOAD_TOO_LARGE'
  | 'POLICY.OUTSIDE_HOURS'
  | 'MANIFEST.WRONG_STUDY'
  | 'MANIFEST.WRONG_PLAN'
  | 'MANIFEST.OUTSIDE_SCHEDULE'
  | 'MANIFEST.NO_TEACHER'
  | 'MANIFEST.NOT_INVITED'
  | 'MANIFEST.MODEL_ROLLBACK'
  | 'MANIFEST.PAST_DEADLINE';

/** A condition that must hold, with what to say when it does not. */
export interface Requirement extends RefusalReason {
  readonly holds: boolean;
}

/** The requirements that do not hold, in order. */
export function unmet(requirements: readonly Requirement[]): RefusalReason[] {
  return requirements.filter(({ holds }) => !holds).map(({ code, message }) => ({ code, message }));
}
