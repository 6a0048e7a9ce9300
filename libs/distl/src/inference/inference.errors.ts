import { DomainError, type DomainErrorOptions } from '@fedistl/core';

export type InferenceErrorCode =
  | 'INFERENCE.PREPROCESSING_UNKNOWN'
  | 'INFERENCE.PREPROCESSING_INVALID'
  | 'INFERENCE.PREPROCESSING_MISMATCH'
  | 'INFERENCE.SIZE'
  | 'INFERENCE.NO_CLASS_HEAD'
  | 'INFERENCE.FINDING'
  | 'INFERENCE.NOT_FINITE'
  | 'INFERENCE.NO_LABELS'
  | 'INFERENCE.ONE_CLASS'
  | 'INFERENCE.IMAGE_REFUSED';

/** Raised where a model is run on images; the codes are explained in docs/errors/evaluate.md. */
export class InferenceError extends DomainError {
  constructor(code: InferenceErrorCode, message: string, options: DomainErrorOptions = {}) {
    super(code, message, options);
  }
}
