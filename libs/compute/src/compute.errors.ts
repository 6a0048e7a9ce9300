import { DomainError, type DomainErrorOptions } from '@fedistl/core';

export type ComputeErrorCode =
  | 'COMPUTE.UNTRACEABLE_KERNEL'
  | 'COMPUTE.UNTRACEABLE_READ'
  | 'COMPUTE.UNSUPPORTED_ATTRIBUTE'
  | 'COMPUTE.PROGRAM_INVALID'
  | 'COMPUTE.INPUT_MISSING'
  | 'COMPUTE.INPUT_UNKNOWN'
  | 'COMPUTE.INPUT_SHAPE'
  | 'COMPUTE.INPUT_NOT_FINITE'
  | 'COMPUTE.STATE_MISSING'
  | 'COMPUTE.STATE_SHAPE'
  | 'COMPUTE.DISPOSED'
  | 'COMPUTE.BUSY'
  | 'COMPUTE.ENGINE_UNAVAILABLE'
  | 'COMPUTE.ENGINE_FAILED'
  | 'COMPUTE.OPTION_INVALID';

/** Raised by libs/compute; the codes are explained in docs/errors/compute.md. */
export class ComputeError extends DomainError {
  constructor(code: ComputeErrorCode, message: string, options: DomainErrorOptions = {}) {
    super(code, message, options);
  }
}
