import { DomainError } from '@fedistl/core';

/** What was asked of the DICOM writer cannot be written: code IMAGING.WRITE. */
export class DicomWriteError extends DomainError {
  constructor(message: string) {
    super('IMAGING.WRITE', message);
  }
}
