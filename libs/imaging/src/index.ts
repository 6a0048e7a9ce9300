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
export { benchDecode, type DecodeBenchOptions, type DecodeBenchRow } from './decode/bench-decode';
export { decodeReport, type DecodeReport } from './decode/decode-report';
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
  evaluationViews,
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
export { benchViews, phantomSource, type ViewBenchOptions, type ViewBenchRow } from './views/bench-views';
// importDataSet({ dataDirectory, name, source }) brings a data set up to date with a folder or archive;
// DataSet.open({ dataDirectory, name, pixels: { size: 64 } }).select({ split: 'train', fold: [1, 2] }).readPixels(indices, out).
export { type CacheCheck, type DamagedRecord } from './dataset/check/check-cache';
export { checkDataSet, type CheckOptions, type CheckResult } from './dataset/check/check-dataset';
export { type SourceCheck } from './dataset/check/check-source';
export { DEFAULT_PIXEL_SPEC, parsePixelSpec, type PixelSpec, pixelSpecText } from './dataset/cache/pixel-spec';
export { type CacheSlot, PixelCacheReader } from './dataset/cache/pixel-cache-reader';
export { DataSet, type OpenDataSetOptions } from './dataset/data-set';
export { defaultDataDirectory, listDataSets, nameFromSource } from './dataset/data-directory';
export { DatasetError, type DatasetErrorCode } from './dataset/dataset.errors';
export { type Attributes, type DataSetItem, ImageSelection } from './dataset/image-selection';
export { importDataSet, type ImportResult } from './dataset/import/import-dataset';
export { type ItemCounts } from './dataset/import/import-items';
export { type ImportOptions, type ImportProgress } from './dataset/import/import-options';
export { RadiographReader } from './dataset/import/radiograph-reader';
export { type Split, SPLITS } from './dataset/labels/image-labels';
export { type LabelVocabulary } from './dataset/labels/label-vocabulary';
export {
  DEFAULT_QUARANTINE_RULES,
  QUARANTINE_MEANINGS,
  QUARANTINE_REASONS,
  type QuarantineReason,
  type QuarantineRules,
} from './dataset/quarantine';
export { summariseDataSet } from './dataset/summarise-dataset';
export { type ContactSheetOptions, type SheetRow, writeContactSheet } from './dataset/sheet/contact-sheet';
export { type ViewSheetOptions, writeViewSheet } from './dataset/sheet/view-sheet';
export { openSiteKey, SiteKey } from './dataset/site-key';
export { type DataSetSettings, DEFAULT_SETTINGS } from './dataset/store/settings';
export { type Counts } from './dataset/store/counts';
export { type ImageFilter } from './dataset/store/select-images';
export { type SplitSummary } from './dataset/store/split-summary';
export { type DataSetSummary } from './dataset/store/summary';
export { encodeGreyPng } from './phantom/png-writer';
export {
  generatePhantom,
  type Phantom,
  PHANTOM_TASKS,
  type PhantomOptions,
  type PhantomTask,
} from './phantom/generate-phantom';
export { type PhantomFormat, SYNTHETIC_NOTICE } from './phantom/phantom-file';
export { PhantomError, type PhantomErrorCode } from './phantom/phantom.errors';
export { type PhantomSetOptions, type PlannedPhantom, planPhantoms } from './phantom/plan-phantoms';
export { type PhantomSetSummary, writePhantoms, type WritePhantomsOptions } from './phantom/write-phantoms';
export { type FolderImage, listFolder, readFolder, type ReadFolderOptions } from './folder/read-folder';
export { rasteriseSvg } from './raster/rasterise-svg';
export { encodeRgbPng } from './raster/rgb-png';
export { applyStress, type Stress, stressedSource } from './stress/apply-stress';
export { StressError, type StressErrorCode } from './stress/stress.errors';
export {
  STRESS_GRADES,
  STRESS_KINDS,
  type StressDescription,
  STRESSES,
  type StressGrade,
  type StressKind,
  stressStrength,
} from './stress/stress-table';
