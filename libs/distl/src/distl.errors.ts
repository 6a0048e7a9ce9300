import { DomainError, type DomainErrorOptions } from '@fedistl/core';

export type DistlErrorCode =
  'DISTL.CONFIG_INVALID' | 'DISTL.SCHEDULE_INVALID' | 'DISTL.LOSS_NOT_FINITE' | 'DISTL.BATCH_SHAPE';

/** Raised by libs/distl; the codes are explained in docs/errors/distl.md. */
export class DistlError extends DomainError {
  constructor(code: DistlErrorCode, message: string, options: DomainErrorOptions = {}) {
    super(code, message, options);
  }
}
