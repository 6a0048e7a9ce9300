import { DomainError, type ErrorDetails } from '@fedistl/core';

export type PhantomErrorCode = 'PHANTOM.OPTIONS' | 'PHANTOM.OUTPUT';

/** Raised by the phantom generator; codes are listed in docs/errors/imaging.md. */
export class PhantomError extends DomainError {
  constructor(code: PhantomErrorCode, message: string, details: ErrorDetails = {}) {
    super(code, message, { details });
  }
}
