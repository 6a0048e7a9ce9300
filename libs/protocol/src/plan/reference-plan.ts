import { type StudyId } from '@fedistl/core';
import { type StudyPlan } from './study-plan.schema';

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
    model: { preset: 'vit-small-8', imageSize: 256, patchSize: 8, width: 384, depth: 12, heads: 6, prototypes: 65_536 },
    schedule: {
      generations: 3,
      roundsPerGeneration: 5,
      minimumSites: 3,
      quorum: 10,
      deadlineSeconds: 86_400,
      maximumAttempts: 3,
    },
    training: {
      stepsPerRound: 500,
      batchSize: 16,
      seed: 0,
      views: { localCrops: 8, localSize: 128, globalArea: [0.75, 1], localArea: [0.2, 0.6] },
      loss: {
        lambda: 0.5,
        alphaEnd: 2,
        studentTemperature: 0.1,
        teacherTemperature: 0.04,
        centreMomentum: 0.9,
        proximal: 0,
        acceptConfidence: 0.5,
      },
      optimiser: {
        name: 'adamw',
        peakLearningRate: 5e-5,
        finalLearningRate: 1e-6,
        warmUpSteps: 500,
        weightDecay: 0.01,
        clipNorm: 3,
        freezeLastLayerSteps: 500,
      },
      correction: { everySteps: 500 },
    },
    aggregation: {
      mode: 'plain',
      rule: { name: 'fedavg' },
      weighting: { by: 'images-seen', capMultipleOfMedian: 4 },
      serverOptimiser: { name: 'fedavg', learningRate: 1 },
      normBound: null,
    },
    transfer: { encoding: { name: 'float32' }, dinoLastLayer: 'exclude' },
    teacher: { momentumPerStep: 0.9995 },
    privacy: { mode: 'none' },
    acceptance: { metric: 'auc', nonInferiorityMargin: 0.02, confidence: 0.95, minimumSites: 3 },
    createdAt,
  };
}
