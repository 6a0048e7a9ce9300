import { DomainError, type ErrorDetails } from '@fedistl/core';

export type ViewsErrorCode =
  'VIEWS.CONFIG' | 'VIEWS.IMAGE' | 'VIEWS.SOURCE' | 'VIEWS.WORKER' | 'VIEWS.CLOSED' | 'VIEWS.BUSY';

/** Raised by the training views; codes are listed in docs/errors/imaging.md. */
export class ViewsError extends DomainError {
  constructor(code: ViewsErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown) {
    super(code, message, { details, ...(cause === undefined ? {} : { cause }) });
  }
}
