export {
  type DecodedFile,
  type DecodeLimits,
  type DecodeOptions,
  type FileFacts,
  type GreyImage,
  type GreyOrigin,
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
export { decodeBytes } from './decode/decode-bytes';
export { decodeFile, decodeRadiograph } from './decode/decode-file';
export { DecodePool, type DecodePoolOptions, type RadiographRequest } from './decode/pool/decode-pool';
export { fitGrey } from './radiograph/fit-grey';
export { type RadiographOptions } from './radiograph/radiograph-options';
export { type Radiograph, renderRadiograph } from './radiograph/render-radiograph';
export { DecodeError, type DecodeErrorCode } from './decode/decode.errors';
export { TRANSFER_SYNTAXES, type TransferSyntax } from './decode/dicom/transfer-syntax';
// writeDicom({ transferSyntax: '1.2.840.10008.1.2.4.80', pixels: { values, rows, columns, bitsAllocated: 16, bitsStored: 12 },
//   header: { PatientID: 'P1', Modality: 'DX', BodyPartExamined: 'CHEST', ViewPosition: 'PA' } }): Promise<Uint8Array>
export { type WriteDicomOptions, writeDicom } from './dicom-writer/write-dicom';
export { type DicomPixels } from './dicom-writer/dicom-pixels';
export {
  type DicomAttribute,
  type DicomHeader,
  type DicomItem,
  type DicomKeyword,
  type ValueRepresentation,
} from './dicom-writer/dicom-attribute';
export { DicomWriteError } from './dicom-writer/writer.errors';
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
