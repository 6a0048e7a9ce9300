import { DomainError, type ErrorDetails } from '@fedistl/core';

export type DemoErrorCode = 'DEMO.DATA' | 'DEMO.RUNNING' | 'DEMO.OTHER_DATA' | 'DEMO.STUDY_ENDED';

export class DemoError extends DomainError {
  constructor(code: DemoErrorCode, message: string, details: ErrorDetails = {}) {
    super(code, message, { details });
  }
}
