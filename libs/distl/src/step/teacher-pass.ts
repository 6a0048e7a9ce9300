import { type NamedTensors, tf } from '@fedistl/compute';
import { forwardMultiCrop, type ParameterSpec } from '@fedistl/vit';
import { dinoTargets } from '../losses/dino-loss';
import { stateName } from './state-names';
import { type StepConfig } from './step-config';
import { INPUT } from './step-inputs';

export interface TeacherOutput {
  /** [2·B, K] */
  readonly dinoLogits: tf.Tensor;
  /** DINO targets of both views, [2·B, K]. */
  readonly targets: tf.Tensor;
  /** σ of the class logits on the original view, [B, findings]. */
  readonly pseudoLabels: tf.Tensor;
  /** CLS features of both views, [2·B, D], for the watch on collapse. */
  readonly features: tf.Tensor;
}

/** The teacher on the two global views: what it asks of the student. No gradient passes through it. */
export function teacherPass(
  config: StepConfig,
  parameters: readonly ParameterSpec[],
  inputs: NamedTensors,
  state: NamedTensors,
): TeacherOutput {
  const weights = new Map(parameters.map(({ name }) => [name, state.get(stateName.teacher(name))]));
  const output = forwardMultiCrop(weights, config.model, [inputs.get(INPUT.globalViews)]);
  const original = tf.slice(output.classLogits, [0, 0], [config.batch, config.model.classHead.findings]);
  return {
    dinoLogits: output.dinoLogits,
    targets: dinoTargets(output.dinoLogits, state.get(stateName.centre), config.temperatures),
    pseudoLabels: tf.sigmoid(original),
    features: output.features,
  };
}
