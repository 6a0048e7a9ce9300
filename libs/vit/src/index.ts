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
export {
  countParameters,
  type ParameterCounts,
  type ParameterSpec,
  type ParameterStart,
  vitLayout,
  vitParameters,
} from './parameters/parameter-list';
export { TorchFileError, VitError, WeightsError } from './vit.errors';
