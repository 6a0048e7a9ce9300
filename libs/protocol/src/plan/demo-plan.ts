import { augmentation, type ReferencePlanOptions } from './reference-plan';
import { type StudyPlan } from './study-plan.schema';

/** Rates of a network that starts from random weights and sees a few hundred images. */
const course = {
  learningRate: { peak: 2.5e-4, final: 1e-6, warmUpEpochs: 1 },
  weightDecay: { start: 0.01, end: 0.01 },
};

/**
 * A small plan, for demonstrations and tests on a few hundred radiographs of 64 px: a ViT of 4 blocks, width 64, whose rounds
 * take about a minute on one core. Settings follow the `recommended` behaviour of training at one site, with generations of a
 * fifth of its steps.
 */
export function demoPlan({ studyId, title, finding, createdAt }: ReferencePlanOptions): StudyPlan {
  return {
    type: 'study-plan',
    version: 1,
    studyId,
    title,
    task: { finding, positiveClass: finding, negativeClass: `no ${finding}` },
    model: {
      preset: 'demo',
      imageSize: 64,
      patchSize: 8,
      inChannels: 1,
      embedDim: 64,
      depth: 4,
      numHeads: 4,
      mlpRatio: 4,
      layerNormEps: 1e-6,
      dropPathRate: 0.1,
      dinoHead: { hiddenDim: 128, bottleneckDim: 64, outDim: 256 },
      classHead: { hiddenDim: 64, findings: 1 },
    },
    schedule: {
      initial: { rounds: 1, minimumSites: 1, quorum: 1 },
      generations: 2,
      roundsPerGeneration: 2,
      minimumSites: 2,
      quorum: 3,
      deadlineSeconds: 600,
      maximumAttempts: 5,
    },
    training: {
      seed: 0,
      batchSize: 32,
      views: {
        pixels: '64-u8-squash-clinical',
        resize: 'fast',
        testBlurRadius: 0,
        global: { size: 64, augmentation: augmentation([0.75, 1], 0.3, [0.1, 0.5]) },
        local: { size: 32, count: 2, augmentation: augmentation([0.2, 0.6], 0.5, [0.1, 0.5]) },
      },
      adamw: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      clip: { scope: 'tensor', threshold: 3 },
      shortBatches: 'repeat',
      proximal: 0,
      initial: { ...course, stepsPerRound: 600, epochs: 30 },
      generation: {
        ...course,
        stepsPerRound: 120,
        epochs: 16,
        weights: { dino: 4, pseudoLabel: 0.5, supervised: 1, correctionDino: 0 },
        pseudoLabelRamp: 'none',
        temperatures: { student: 0.1, teacher: 0.04 },
        centreMomentum: 0.9,
        centreStart: 'carry',
        freezeLastLayerEpochs: 1,
        correction: { everySteps: 1, start: 'after-warm-up', order: 'reshuffled' },
        confidence: null,
        // A demonstration goes on; the sites' statistics tell of a collapse.
        onCollapse: 'report',
      },
    },
    aggregation: {
      mode: 'plain',
      rule: { name: 'fedavg' },
      weighting: { by: 'images-seen', capMultipleOfMedian: 4 },
      serverOptimiser: { name: 'fedavg', learningRate: 1 },
      normBound: null,
    },
    transfer: { encoding: { name: 'float32' }, dinoLastLayer: 'average' },
    teacher: { mode: 'server', momentumPerStep: 0.985 },
    privacy: { mode: 'none' },
    acceptance: {
      sites: 'none-worse',
      metric: 'auc',
      nonInferiorityMargin: 0.05,
      confidence: 0.95,
      minimumSites: 2,
      capMultipleOfMedian: 4,
    },
    createdAt,
  };
}
