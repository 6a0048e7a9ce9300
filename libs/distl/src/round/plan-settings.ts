import { parsePixelSpec, type ViewConfig } from '@fedistl/imaging';
import { type StudyPlan } from '@fedistl/protocol';
import { parseVitConfig, type VitConfig } from '@fedistl/vit';
import { parseTrainConfig } from '../config/parse-train-config';
import { type TrainConfig } from '../config/train-config';
import { type Preprocessing } from '../inference/preprocessing';
import { type Network } from '../trainer/network';

/** The plan's network. @throws VitError `VIT.CONFIG_INVALID` and as `parseVitConfig` */
export function planVit({ model }: StudyPlan): VitConfig {
  return parseVitConfig(Object.fromEntries(Object.entries(model).filter(([field]) => field !== 'preset')));
}

/** The views that a site trains on. */
export function planViews({ training }: StudyPlan): ViewConfig {
  const { resize, global, local } = training.views;
  return { mode: resize, original: true, global: { ...global, count: 1 }, local };
}

export function planNetwork(plan: StudyPlan): Network {
  const { global, local } = plan.training.views;
  return { model: planVit(plan), globalSize: global.size, localSize: local.size, localViews: local.count };
}

/** What happens to an image before a model of the study judges it. */
export function planPreprocessing({ training }: StudyPlan): Preprocessing {
  const { pixels, resize, global, testBlurRadius } = training.views;
  return { pixels: parsePixelSpec(pixels), size: global.size, resize, blurRadius: testBlurRadius };
}

/** How a site computes, which changes no result: memory against time, and how much is lost by a crash. */
export interface RunSettings {
  readonly checkpointEverySteps: number;
  readonly rematerialise: boolean;
}

/**
 * The trainer's settings for a generation of the plan. A teacher that the server moves has momentum 1 here: it stays as it
 * is. A last layer that is left out of the exchange is frozen, so that the heads of all sites keep one set of prototypes.
 *
 * @throws DistlError `DISTL.CONFIG_INVALID`
 */
export function planTrainConfig(plan: StudyPlan, generation: number, run: RunSettings): TrainConfig {
  const { training, teacher, transfer } = plan;
  const { initial, generation: later, adamw, clip } = training;
  const course = generation === 0 ? initial : later;
  const { peak, final, warmUpEpochs } = course.learningRate;
  return parseTrainConfig('parity', {
    ...run,
    batch: training.batchSize,
    epochs: { initial: initial.epochs, generation: later.epochs },
    learningRate: { peak, final, warmupEpochs: warmUpEpochs },
    weightDecay: course.weightDecay,
    adamw,
    clip,
    temperatures: later.temperatures,
    centreMomentum: later.centreMomentum,
    centreStart: later.centreStart,
    weights: later.weights,
    pseudoLabelRamp: later.pseudoLabelRamp,
    confidence: later.confidence,
    // A federation's generation 0 starts from the model that the study was created with.
    selfSupervision: null,
    shortBatches: training.shortBatches,
    correction: later.correction,
    teacher: teacher.mode === 'server' ? { base: 1 } : teacher.follow,
    frozenLastLayerEpochs: transfer.dinoLastLayer === 'exclude' ? later.epochs : later.freezeLastLayerEpochs,
    onCollapse: later.onCollapse,
  });
}
