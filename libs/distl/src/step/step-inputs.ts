import { type TensorSpec } from '@fedistl/compute';
import { keepMaskShape } from '@fedistl/vit';
import { GROUP_SCALARS } from '../optimiser/adamw';
import { type StepConfig } from './step-config';

/** Names of a step's inputs. */
export const INPUT = {
  /** Original and second global view, [2·B, C, G, G], view by view. */
  globalViews: 'globalViews',
  /** [L·B, C, S, S], view by view. */
  localViews: 'localViews',
  /** Keep masks of stochastic depth, one a crop size. */
  globalKeepMask: 'globalKeepMask',
  localKeepMask: 'localKeepMask',
  /** Labels of a labelled batch, [B, findings]. */
  labels: 'labels',
  /** Weights of the three loss terms, [3]: DINO, pseudo-label, supervised. */
  lossWeights: 'lossWeights',
  optimiser: 'optimiser',
  lastLayerOptimiser: 'lastLayerOptimiser',
  /** [m, 1 - m] of the teacher's EMA. */
  teacherMomentum: 'teacherMomentum',
  /** Least teacher probability of the positive and of the negative class for a pseudo-label to count, [2]. */
  confidence: 'confidence',
} as const;

/** Shapes of a step's inputs. */
export function stepInputs(config: StepConfig, labelled: boolean): TensorSpec[] {
  const { model, batch, globalSize, localSize, localViews } = config;
  const globalRows = 2 * batch;
  const localRows = localViews * batch;
  const dropsPaths = model.dropPathRate > 0;
  return [
    { name: INPUT.globalViews, shape: [globalRows, model.inChannels, globalSize, globalSize] },
    ...(localViews > 0 ? [{ name: INPUT.localViews, shape: [localRows, model.inChannels, localSize, localSize] }] : []),
    ...(dropsPaths ? [{ name: INPUT.globalKeepMask, shape: keepMaskShape(model, globalRows) }] : []),
    ...(dropsPaths && localViews > 0 ? [{ name: INPUT.localKeepMask, shape: keepMaskShape(model, localRows) }] : []),
    { name: INPUT.lossWeights, shape: [3] },
    { name: INPUT.optimiser, shape: [GROUP_SCALARS] },
    { name: INPUT.lastLayerOptimiser, shape: [GROUP_SCALARS] },
    ...(labelled
      ? [{ name: INPUT.labels, shape: [batch, model.classHead.findings] }]
      : [{ name: INPUT.teacherMomentum, shape: [2] }]),
    ...(!labelled && config.confidenceFilter === true ? [{ name: INPUT.confidence, shape: [2] }] : []),
  ];
}
