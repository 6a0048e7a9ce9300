import { DomainError, type DomainErrorOptions } from '@fedistl/core';

export type SimulateErrorCode =
  | 'SIMULATE.BAD_PARTITION'
  | 'SIMULATE.UNKNOWN_COLUMN'
  | 'SIMULATE.TOO_FEW_GROUPS'
  | 'SIMULATE.UNKNOWN_SITE'
  | 'SIMULATE.OTHER_RUN'
  | 'SIMULATE.ROUND_FAILED';

/** Raised by the simulation of a federation; the codes are explained in docs/errors/round.md. */
export class SimulateError extends DomainError {
  constructor(code: SimulateErrorCode, message: string, options: DomainErrorOptions = {}) {
    super(code, message, options);
  }
}
