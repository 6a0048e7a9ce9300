import { DomainError, type DomainErrorOptions } from '@fedistl/core';

/** Codes of everything that a file can be refused for; `docs/errors/imaging.md` says what to do about each. */
export const DECODE_ERROR_CODES = [
  'IMAGING.UNREADABLE',
  'IMAGING.NOT_AN_IMAGE',
  'IMAGING.DICOM_PARSE',
  'IMAGING.TRUNCATED',
  'IMAGING.TRANSFER_SYNTAX',
  'IMAGING.GEOMETRY',
  'IMAGING.PHOTOMETRIC',
  'IMAGING.PALETTE',
  'IMAGING.NO_PIXEL_DATA',
  'IMAGING.FRAGMENTS',
  'IMAGING.CODESTREAM',
  'IMAGING.MULTI_FRAME',
  'IMAGING.TOO_LARGE',
  'IMAGING.RASTER',
  'IMAGING.TIMEOUT',
  'IMAGING.MEMORY',
  'IMAGING.WORKER_CRASHED',
  'IMAGING.POOL_CLOSED',
  'IMAGING.OPTIONS',
  'IMAGING.PARITY_SKIP',
  'IMAGING.CONSTANT',
  'IMAGING.UNEXPECTED',
] as const;

export type DecodeErrorCode = (typeof DECODE_ERROR_CODES)[number];

/**
 * A file was refused, or its decoding was stopped.
 *
 * Messages hold numbers and names of attributes only. Text from a header, a file name or a library's own message is
 * never copied into them: any of the three can carry a patient's name.
 */
export class DecodeError extends DomainError {
  declare readonly code: DecodeErrorCode;

  constructor(code: DecodeErrorCode, message: string, options: DomainErrorOptions = {}) {
    super(code, message, options);
  }
}
