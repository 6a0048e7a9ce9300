import { type TrainConfig } from './train-config';

/**
 * `parity`: the released code with its oddities: a first correction at rate 0, the same labelled order and the same dropped
 * remainder in every pass, a DINO term in the correction, a centre that starts from zero in each generation, no averaging of
 * the teacher during correction, a momentum that does not know how many steps there are.
 */
const parity: TrainConfig = {
  start: 'published',
  batch: 16,
  epochs: { initial: 5, generation: 5 },
  leastSteps: { initial: 0, generation: 0 },
  learningRate: { peak: 5e-5, final: 1e-6, warmupEpochs: 1 },
  weightDecay: { start: 0.01, end: 0.01 },
  adamw: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  clip: { scope: 'tensor', threshold: 3 },
  temperatures: { student: 0.1, teacher: 0.04 },
  centreMomentum: 0.9,
  centreStart: 'reset',
  weights: { dino: 0.5, pseudoLabel: 0.5, supervised: 0.5, correctionDino: 0.5 },
  pseudoLabelRamp: 'linear',
  confidence: null,
  selfSupervision: null,
  shortBatches: 'refuse',
  correction: { everySteps: 500, start: 'first-step', order: 'same' },
  teacher: { base: 0.9995 },
  frozenLastLayerEpochs: 1,
  onCollapse: 'report',
  checkpointEverySteps: 100,
  rematerialise: false,
};

/**
 * `recommended`: for some hundreds of images and random starting weights (docs/benchmarks/ablations.md). Weights start scaled to
 * the network's width, small sets are gone through more often, the DINO term weighs eight times the pseudo-labels, a supervised
 * batch follows every unlabelled one after the warm-up, the labelled images are reshuffled, the centre is carried on, and the
 * teacher keeps a tenth of its start however many steps a generation has.
 */
const recommended: TrainConfig = {
  ...parity,
  start: 'scaled',
  epochs: { initial: 5, generation: 3 },
  leastSteps: { initial: 1600, generation: 1200 },
  learningRate: { peak: 2.5e-4, final: 1e-6, warmupEpochs: 1 },
  centreStart: 'carry',
  weights: { dino: 4, pseudoLabel: 0.5, supervised: 1, correctionDino: 0 },
  pseudoLabelRamp: 'none',
  correction: { everySteps: { perLabelledBatch: 1 }, start: 'after-warm-up', order: 'reshuffled' },
  teacher: { startShare: 0.1 },
  shortBatches: 'repeat',
  onCollapse: 'stop',
};

export const BEHAVIOURS = { parity, recommended } as const satisfies Record<string, TrainConfig>;

export type Behaviour = keyof typeof BEHAVIOURS;

export const BEHAVIOUR_NAMES = Object.keys(BEHAVIOURS) as readonly Behaviour[];
