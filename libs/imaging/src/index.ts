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
export { type Grey8 } from './views/grey8';
export {
  type AugmentationConfig,
  checkViewConfig,
  MINI_VIEWS,
  PAPER_TEST_BLUR_RADIUS,
  PAPER_VIEWS,
  type ViewConfig,
  viewCounts,
  type ViewGroupConfig,
  type ViewMode,
} from './views/view-config';
export { type CropBox, drawViewParameters, originalParameters, type ViewParameters } from './views/view-parameters';
export {
  type BatchRequest,
  type PixelSource,
  type ViewBatch,
  ViewPipeline,
  type ViewPipelineOptions,
} from './views/view-pipeline';
export { type BatchShape } from './views/batch-slot';
export { viewStream } from './views/render-batch';
export { checkCrop, ViewRenderer } from './views/view-renderer';
export { ViewsError, type ViewsErrorCode } from './views/views.errors';
