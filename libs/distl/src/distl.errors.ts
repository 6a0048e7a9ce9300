import { DomainError, type DomainErrorOptions } from '@fedistl/core';

export type DistlErrorCode =
  | 'DISTL.CONFIG_INVALID'
  | 'DISTL.CONFIG_UNKNOWN_KEY'
  | 'DISTL.SCHEDULE_INVALID'
  | 'DISTL.LOSS_NOT_FINITE'
  | 'DISTL.COLLAPSED'
  | 'DISTL.NO_LABELS'
  | 'DISTL.ONE_CLASS'
  | 'DISTL.LABELLED_TOO_SMALL'
  | 'DISTL.FOLD_TOO_SMALL'
  | 'DISTL.CHECKPOINT_MISSING'
  | 'DISTL.CHECKPOINT_OTHER_RUN'
  | 'DISTL.RUN_EXISTS';

/** Raised by libs/distl; the codes are explained in docs/errors/distl.md. */
export class DistlError extends DomainError {
  constructor(code: DistlErrorCode, message: string, options: DomainErrorOptions = {}) {
    super(code, message, options);
  }
}
