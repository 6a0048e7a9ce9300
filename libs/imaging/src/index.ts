export {
  type DecodedFile,
  type DecodeLimits,
  type DecodeOptions,
  type FileFacts,
  type GreyImage,
  type HeaderFacts,
  type ImageFormat,
  type LookupTable,
  type PhotometricInterpretation,
  type RadiographFile,
  type RenderingFacts,
  type StoredImage,
  type StoredValues,
  type VoiFunction,
  type VoiWindow,
} from './decode/decoded-file';
export { SensitiveText } from './decode/sensitive-text';
