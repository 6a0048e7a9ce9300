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
export { canonicalBytes, canonicalJson } from './json/canonical-json';
export { JsonError } from './json/json.errors';
export { parseJson, type ParseJsonLimits } from './json/parse-json';
export { LayoutError } from './layout/layout.errors';
export {
  createLayout,
  type LayoutDescription,
  type LayoutEntry,
  type NamedShape,
  type TensorLayout,
} from './layout/tensor-layout';
export { type DecodedSafetensors, decodeSafetensors } from './safetensors/decode';
export { type Dtype, type TensorData } from './safetensors/dtype';
export {
  encodeSafetensors,
  type SafetensorsChunks,
  safetensorsChunks,
  type SafetensorsHead,
  safetensorsHead,
} from './safetensors/encode';
export {
  bfloat16BitsToFloat32,
  float16BitsToFloat32,
  float32ToBfloat16Bits,
  float32ToFloat16Bits,
} from './safetensors/half-precision';
export { type SafetensorsHeader } from './safetensors/header';
export { type SafetensorsEntry } from './safetensors/header-entry';
export { type SafetensorsLimits } from './safetensors/limits';
export { openSafetensors, type RandomAccessSource, type SafetensorsReader } from './safetensors/reader';
export { SafetensorsError } from './safetensors/safetensors.errors';
export { float32Tensor, type NamedTensor, type TensorForm, toFloat32 } from './safetensors/tensor';
