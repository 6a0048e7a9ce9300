export { firstNonFinite } from './check-inputs';
export { ComputeError, type ComputeErrorCode } from './compute.errors';
export { chooseEngine, type EngineChoice } from './engines/choose-engine';
export { createEngine, type EngineOptions } from './engines/create-engine';
export { installedTensorFlow } from './engines/eager/tensorflow';
export { candidates, engineLabel, type EngineProbe, probeEngine } from './engines/probe-engines';
export { exportOnnx } from './export-onnx';
export { feedForward, type FeedForwardParameters } from './ops/feed-forward';
export { gelu, scaledGelu } from './ops/gelu';
export { l2Normalise } from './ops/l2-normalise';
export { layerNorm } from './ops/layer-norm';
export { linear } from './ops/linear';
export { matMul } from './ops/matmul';
export { normLinear, type NormLinearParameters } from './ops/norm-linear';
export { rematerialise } from './ops/rematerialise';
export { attentionProbabilities, selfAttention } from './ops/self-attention';
export { withGradient, type DifferentiableOperation } from './ops/with-gradient';
export {
  type Dtype,
  type Engine,
  ENGINE_NAMES,
  type EngineName,
  type Executable,
  type HostArray,
  type HostTensor,
  NamedTensors,
  type Program,
  type ProgramResult,
  type Provider,
  PROVIDERS,
  type State,
  type TensorSpec,
} from './program';
export { runtimeVersions } from './runtime-versions';
export { tf } from './tf';
