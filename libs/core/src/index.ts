export { assertNever, DomainError, type DomainErrorOptions, type ErrorDetails } from './errors';
export {
  type BlobHash,
  type Branded,
  type DatasetId,
  IdError,
  type KeyFingerprint,
  type ModelHash,
  parseBlobHash,
  parseDatasetId,
  parseKeyFingerprint,
  parseModelHash,
  parsePlanHash,
  parseRoundId,
  parseSiteId,
  parseStudyId,
  parseUpdateId,
  type PlanHash,
  type RoundId,
  type SiteId,
  type StudyId,
  type UpdateId,
} from './ids';
export { normalQuantile } from './rng/normal-quantile';
export { createRng, restoreRng, type Rng } from './rng/rng';
export { type RngState } from './rng/rng-state';
export { RngError } from './rng/rng.errors';
