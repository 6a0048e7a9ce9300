export { DistlError, type DistlErrorCode } from './distl.errors';
export { binaryCrossEntropy } from './losses/binary-cross-entropy';
export { dinoLoss, dinoTargets, type DinoTemperatures, nextCentre } from './losses/dino-loss';
export {
  adamw,
  ADAMW_DEFAULTS,
  type AdamWGroup,
  type AdamWOptions,
  adamwScalars,
  type AdamWTensors,
  frozenScalars,
  groupOf,
} from './optimiser/adamw';
export { clipFactors, type Clipping, globalClipFactor } from './optimiser/clip';
export {
  pseudoLabelRamp,
  type Schedule,
  teacherMomentum,
  warmupCosine,
  type WarmupCosineOptions,
} from './schedules/schedules';
export { distlStep } from './step/distl-step';
export { averageTeacher, LAST_LAYER, optimise, type Optimisation } from './step/optimise';
export { stateName, trainingState } from './step/state-names';
export { STEP_DEFAULTS, type StepConfig } from './step/step-config';
export { INPUT, stepInputs } from './step/step-inputs';
export { benchStep, type StepBenchOptions, type StepBenchResult } from './bench/bench-step';
export { stepFlops } from './bench/step-flops';
