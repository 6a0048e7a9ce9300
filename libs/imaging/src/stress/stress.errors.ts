import { DomainError, type DomainErrorOptions } from '@fedistl/core';

export type StressErrorCode = 'STRESS.KIND' | 'STRESS.GRADE';

/** Raised for a stress test that does not exist; the codes are explained in docs/errors/stress.md. */
export class StressError extends DomainError {
  constructor(code: StressErrorCode, message: string, options: DomainErrorOptions = {}) {
    super(code, message, options);
  }
}
