import { DomainError, type DomainErrorOptions } from '@fedistl/core';

export type ReproduceErrorCode =
  | 'REPRODUCE.PLAN_UNKNOWN_KEY'
  | 'REPRODUCE.PLAN_INVALID'
  | 'REPRODUCE.OTHER_RUN'
  | 'REPRODUCE.STATE_DAMAGED'
  | 'REPRODUCE.UNSEEN_CLASS'
  | 'REPRODUCE.NO_BASELINES'
  | 'REPRODUCE.TASK_UNKNOWN'
  | 'REPRODUCE.PROCESS_DIED';

/** Raised by `fedistl reproduce`; the codes are explained in docs/errors/reproduce.md. */
export class ReproduceError extends DomainError {
  constructor(code: ReproduceErrorCode, message: string, options: DomainErrorOptions = {}) {
    super(code, message, options);
  }
}
