import { DomainError, type ErrorDetails } from '@fedistl/core';

export type ProcessErrorCode = 'PROCESS.ENDED' | 'PROCESS.FAILED' | 'PROCESS.TIMEOUT' | 'PROCESS.NOT_BUILT';

/** A process of ours did not do what was waited for. */
export class ProcessError extends DomainError {
  constructor(code: ProcessErrorCode, message: string, details: ErrorDetails = {}) {
    super(code, message, { details });
  }
}
