export { DistlError, type DistlErrorCode } from './distl.errors';
export { CheckpointStore, type FoundCheckpoint, type Snapshot, snapshotHash } from './checkpoint/checkpoint-store';
export { type RunPosition } from './checkpoint/run-position';
export { type Behaviour, BEHAVIOUR_NAMES, BEHAVIOURS } from './config/behaviours';
export { configHash, parseTrainConfig } from './config/parse-train-config';
export { type TrainConfig } from './config/train-config';
export { binaryCrossEntropy } from './losses/binary-cross-entropy';
export { dinoLoss, dinoTargets, type DinoTemperatures, nextCentre } from './losses/dino-loss';
export { collapseOf } from './monitor/collapse';
export { type EpochSummary } from './monitor/epoch-summary';
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
export { benchTrain, type TrainBenchOptions, type TrainBenchResult, type TrainBenchRound } from './bench/bench-train';
export { stepFlops } from './bench/step-flops';
export { supervisedStep } from './step/supervised-step';
export { momentumBase } from './trainer/momentum-base';
export { type Network } from './trainer/network';
export { type TrainEvent } from './trainer/train-events';
export { train, type TrainerOptions, type TrainResult } from './trainer/trainer';
export { type BatchPlan, type ImageSource, type TrainingBatch, type TrainingData } from './trainer/training-data';
export { TrainingSession } from './trainer/training-session';
export { jsonLinesLog } from './monitor/json-lines-log';
export { siteData, type SiteDataOptions } from './site/site-data';
export { type SiteModel, trainSite, type SiteTrainingOptions, type SiteTrainingResult } from './site/train-site';
export { compareModels } from './inference/compare-models';
export { type EvaluatedModel, evaluateModel } from './inference/evaluate-model';
export { type EvaluationSettings } from './inference/evaluation-settings';
export { explainImage, type ExplainOptions, type Explanation } from './inference/explain-image';
export { InferenceError, type InferenceErrorCode } from './inference/inference.errors';
export { labelledCases, type LabelledCases } from './inference/labelled-cases';
export { type EvaluationSetOptions, openEvaluationSet } from './inference/open-evaluation-set';
export { openModel, type OpenModel } from './inference/open-model';
export { checkTuning, tuningImages } from './inference/operating-points';
export { type FilePrediction, predictFolder, type PredictOptions } from './inference/predict-folder';
export {
  type AskedPreprocessing,
  type Preprocessing,
  PREPROCESSING_KEY,
  preprocessingNote,
  recordedPreprocessing,
  resolvePreprocessing,
} from './inference/preprocessing';
export { type PreparedModel } from './inference/reported-facts';
export { scoreSource } from './inference/score-cases';
export { findingOf, Scorer, type ScorerOptions } from './inference/scorer';
export { tensorboardLog } from './tensorboard/tensorboard-log';
export { stressedImages, stressModels, type StressSettings } from './inference/stress-models';
export { type CandidateMetrics, type CandidateQuestionAtSite, evaluateCandidate } from './round/evaluate-candidate';
export { type HoldOut, type JudgedImages, siteHoldOut } from './round/hold-out';
export { writeInitialModel } from './round/initial-model';
export { planPreprocessing, planTrainConfig, planViews, planVit } from './round/plan-settings';
export { roundSeed, type RoundKey } from './round/round-course';
export { RoundError, type RoundErrorCode } from './round/round.errors';
export { type RoundImages, siteRoundImages } from './round/round-images';
export { type TrainedRound } from './round/round-result';
export { type RoundProgress } from './round/round-run';
export { planUpdateForm, type RoundFiles } from './round/round-start';
export { trainRound, type TrainRoundOptions } from './round/train-round';
export { type Ablation, ABLATIONS } from './reproduce/distl-unit';
export { type ReproduceEvent } from './reproduce/reproduce-context';
export { ReproduceError, type ReproduceErrorCode } from './reproduce/reproduce.errors';
export { parseReproducePlan, type ReproducePlan } from './reproduce/reproduce-plan';
export { type ReproductionInput } from './reproduce/prepare-reproduction';
export {
  reproduce,
  reproduceTask,
  type ReproduceOptions,
  type Reproduction,
  type TaskProcesses,
} from './reproduce/run-reproduction';
export { type Partition, parsePartition } from './round/simulate/partition';
export { SimulateError, type SimulateErrorCode } from './round/simulate/simulate.errors';
export {
  simulateFederation,
  type SimulationEvent,
  type SimulationOptions,
  type SimulationResult,
} from './round/simulate/simulate-federation';
export { type SimulatedEvaluation, type SimulatedGeneration } from './round/simulate/simulation-state';
export { VirtualSite } from './round/simulate/virtual-site';
export { virtualSites, type VirtualSitesOptions } from './round/simulate/virtual-sites';
