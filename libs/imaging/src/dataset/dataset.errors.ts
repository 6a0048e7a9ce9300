import { DomainError, type DomainErrorOptions } from '@fedistl/core';

/** Stable codes of the data-set area; each has a row in `docs/errors/imaging.md`. */
export type DatasetErrorCode =
  | 'DATASET.NAME'
  | 'DATASET.NOT_FOUND'
  | 'DATASET.EXISTS_WITH_OTHER_SETTINGS'
  | 'DATASET.INCOMPLETE'
  | 'DATASET.BUSY'
  | 'DATASET.SOURCE'
  | 'DATASET.SOURCE_EMPTY'
  | 'DATASET.SOURCE_AMBIGUOUS'
  | 'DATASET.LABELS_FORMAT'
  | 'DATASET.POSITIVE_UNKNOWN'
  | 'DATASET.POSITIVE_REQUIRED'
  | 'DATASET.SETTINGS'
  | 'DATASET.SITE_KEY'
  | 'DATASET.INDEX_VERSION'
  | 'DATASET.INDEX'
  | 'DATASET.STORAGE'
  | 'DATASET.NPZ'
  | 'DATASET.CACHE_FORMAT'
  | 'DATASET.CACHE_CHECKSUM'
  | 'DATASET.CACHE_MISSING'
  | 'DATASET.RANGE';

/**
 * What can go wrong with a data set as a whole. One bad image is never an error: it is quarantined with a reason.
 *
 * Messages name the set, counts and settings; never a file path below the source, a patient or a pixel value.
 */
export class DatasetError extends DomainError {
  constructor(code: DatasetErrorCode, message: string, options: DomainErrorOptions = {}) {
    super(code, message, options);
  }
}
