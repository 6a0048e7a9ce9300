export { parseVitConfig } from './config/check-config';
export { type PresetChanges, vitPreset, type VitPresetName, vitPresetNames } from './config/presets';
export { baseGrid, type ClassHeadConfig, type DinoHeadConfig, mlpDim, type VitConfig } from './config/vit-config';
export { type AttentionMaps, type AttentionValues, classTokenMaps, upsampledMaps } from './model/attention-map';
export { backboneFeatures, type BackboneOptions, featuresWithAttention, lastAttention } from './model/backbone';
export { bicubicMatrix } from './model/bicubic-matrix';
export { classHead, dinoHead } from './model/heads';
export { type InferenceOptions, inferenceProgram, inferenceState } from './model/inference-program';
export {
  type CropGroup,
  forwardClass,
  forwardMultiCrop,
  groupCrops,
  type MultiCropOptions,
  type MultiCropOutput,
} from './model/multi-crop';
export { type ParameterTensors } from './model/network-parameters';
export { patchGridOf } from './model/patch-embedding';
export { interpolatePositions, type PatchGrid } from './model/position-embedding';
export { drawKeepMask, dropPathRates, keepMaskShape } from './model/stochastic-depth';
export { initialiseParameter, initialiseParameters } from './parameters/initialise';
export { scaledStart } from './parameters/scaled-start';
export {
  countParameters,
  type ParameterCounts,
  type ParameterSpec,
  type ParameterStart,
  vitLayout,
  vitParameters,
} from './parameters/parameter-list';
export { type TorchFileOptions } from './torch/torch-file';
export { type TorchDocument, torchFileParts, type TorchStateDict } from './torch/torch-writer';
export { TorchFileError, VitError, WeightsError } from './vit.errors';
export { type CheckpointLayout, nameCheckpoint, type NamedCheckpoint } from './weights/checkpoint-names';
export { type ChosenNetwork, chooseNetwork } from './weights/choose-network';
export { convertChannels, type PatchKernel } from './weights/convert-channels';
export { type ExportFormat, type ExportOptions, exportWeights } from './weights/export-weights';
export { type ImportedModel, importModel, type ImportOptions, type ImportReport } from './weights/import-model';
export { type InferenceHints, inferVitConfig } from './weights/infer-config';
export { type InspectedFile, type InspectedGroup, type InspectedTensor, inspectWeights } from './weights/inspect-file';
export { type LoadedWeights, type LoadOptions, loadWeights } from './weights/load-weights';
export { type Allowances, type MatchedWeights, matchWeights } from './weights/match-weights';
export { loadVit, saveVit, storedConfig, type VitWeights } from './weights/vit-safetensors';
export { readWeightFile, type WeightFile, withWeightFile } from './weights/weight-file';
export { type WeightEntry, type WeightSource } from './weights/weight-source';
