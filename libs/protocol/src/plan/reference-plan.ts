import { type StudyId } from '@fedistl/core';
import { type StudyPlan } from './study-plan.schema';

type Augmentation = StudyPlan['training']['views']['global']['augmentation'];

/** @param tone probability of each of autocontrast, equalisation and blur */
export function augmentation(
  areaRange: [number, number],
  tone: number,
  blurRadiusRange: [number, number],
): Augmentation {
  return {
    areaRange,
    aspectRange: [3 / 4, 4 / 3],
    flip: 0.5,
    rotationDegrees: 15,
    autocontrast: tone,
    equalise: tone,
    blur: tone,
    blurRadiusRange,
  };
}

const course = {
  stepsPerRound: 500,
  epochs: 5,
  learningRate: { peak: 5e-5, final: 1e-6, warmUpEpochs: 1 },
  weightDecay: { start: 0.01, end: 0.01 },
};

export interface ReferencePlanOptions {
  readonly studyId: StudyId;
  readonly title: string;
  readonly finding: string;
  readonly createdAt: string;
}

/**
 * A plan with the settings of the DISTL authors (Park et al., Nat Commun 2022;13:3848, and their code) for ViT-S/8, and
 * with our own for what a federation adds. A study starts from it and changes what it must.
 */
export function referencePlan({ studyId, title, finding, createdAt }: ReferencePlanOptions): StudyPlan {
  return {
    type: 'study-plan',
    version: 1,
    studyId,
    title,
    task: { finding, positiveClass: finding, negativeClass: `no ${finding}` },
    model: {
      preset: 'vit-small-8',
      imageSize: 224,
      patchSize: 8,
      inChannels: 3,
      embedDim: 384,
      depth: 12,
      numHeads: 6,
      mlpRatio: 4,
      layerNormEps: 1e-6,
      dropPathRate: 0.1,
      dinoHead: { hiddenDim: 2048, bottleneckDim: 256, outDim: 65_536 },
      classHead: { hiddenDim: 256, findings: 1 },
    },
    schedule: {
      initial: { rounds: 5, minimumSites: 3, quorum: 3 },
      generations: 3,
      roundsPerGeneration: 5,
      minimumSites: 3,
      quorum: 10,
      deadlineSeconds: 86_400,
      maximumAttempts: 3,
    },
    training: {
      seed: 0,
      batchSize: 16,
      views: {
        pixels: '256-u8-squash-clinical',
        resize: 'parity',
        testBlurRadius: 0,
        global: { size: 256, augmentation: augmentation([0.75, 1], 0.3, [0.1, 2]) },
        local: { size: 128, count: 8, augmentation: augmentation([0.2, 0.6], 0.5, [0.1, 2]) },
      },
      adamw: { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
      clip: { scope: 'tensor', threshold: 3 },
      shortBatches: 'refuse',
      proximal: 0,
      initial: course,
      generation: {
        ...course,
        weights: { dino: 0.5, pseudoLabel: 0.5, supervised: 0.5, correctionDino: 0.5 },
        pseudoLabelRamp: 'linear',
        temperatures: { student: 0.1, teacher: 0.04 },
        centreMomentum: 0.9,
        centreStart: 'reset',
        freezeLastLayerEpochs: 1,
        correction: { everySteps: 500, start: 'first-step', order: 'same' },
        confidence: null,
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
    transfer: { encoding: { name: 'float32' }, dinoLastLayer: 'exclude' },
    teacher: { mode: 'server', momentumPerStep: 0.9995 },
    privacy: { mode: 'none' },
    acceptance: {
      sites: 'none-worse',
      metric: 'auc',
      nonInferiorityMargin: 0.02,
      confidence: 0.95,
      minimumSites: 3,
      capMultipleOfMedian: 4,
    },
    createdAt,
  };
}
