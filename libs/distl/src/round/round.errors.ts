import { DomainError, type DomainErrorOptions } from '@fedistl/core';

export type RoundErrorCode =
  | 'ROUND.OUTSIDE_PLAN'
  | 'ROUND.OTHER_MODEL'
  | 'ROUND.OTHER_CENTRE'
  | 'ROUND.OTHER_PIXELS'
  | 'ROUND.TOO_FEW_IMAGES'
  | 'ROUND.NOTHING_DUE'
  | 'ROUND.NO_CHANGE'
  | 'ROUND.NOT_FINITE'
  | 'ROUND.STOPPED';

/** A site cannot do its part of a round; the codes are explained in docs/errors/round.md. */
export class RoundError extends DomainError {
  constructor(code: RoundErrorCode, message: string, options: DomainErrorOptions = {}) {
    super(code, message, options);
  }
}
