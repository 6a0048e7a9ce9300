import { type NamedTensors, tf } from '@fedistl/compute';
import { forwardMultiCrop, type ParameterSpec } from '@fedistl/vit';
import { binaryCrossEntropy } from '../losses/binary-cross-entropy';
import { dinoLoss } from '../losses/dino-loss';
import { stateName } from './state-names';
import { type StepConfig } from './step-config';
import { INPUT } from './step-inputs';

export interface StudentTargets {
  readonly dinoTargets: tf.Tensor;
  readonly classTargets: tf.Tensor;
  /** Which of the loss weights belongs to the class term. */
  readonly classWeight: 1 | 2;
  /** 1 for the targets that count, 0 for the others, shape of the targets; all count when absent. */
  readonly counted?: tf.Tensor;
}

export interface StudentGradients {
  readonly value: { readonly loss: tf.Tensor; readonly dino: tf.Tensor; readonly classification: tf.Tensor };
  /** In the order of the trainable parameters. */
  readonly grads: readonly tf.Tensor[];
}

/** The student on all views, its losses, and the gradient of their weighted sum. */
export function studentGradients(
  config: StepConfig,
  parameters: readonly ParameterSpec[],
  inputs: NamedTensors,
  state: NamedTensors,
  targets: StudentTargets,
): StudentGradients {
  const trainable = parameters.filter((parameter) => parameter.trainable);
  const fixed = parameters.filter((parameter) => !parameter.trainable);
  const terms: tf.Tensor[] = [];
  const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
    const weights = new Map(trainable.map(({ name }, i) => [name, tensors[i] as tf.Tensor]));
    for (const { name } of fixed) weights.set(name, state.get(stateName.student(name)));
    const output = forwardMultiCrop(weights, config.model, crops(config, inputs), {
      rematerialise: config.rematerialise,
      ...keepMasks(config, inputs),
    });
    const views = 2 + config.localViews;
    const { batch, model } = config;
    const second = tf.slice(output.classLogits, [batch, 0], [batch, model.classHead.findings]);
    const lossWeights = tf.unstack(inputs.get(INPUT.lossWeights));
    const dino = tf.keep(dinoLoss(output.dinoLogits, targets.dinoTargets, views, config.temperatures.student));
    const classification = tf.keep(binaryCrossEntropy(second, targets.classTargets, targets.counted));
    terms.push(dino, classification);
    return tf.add(
      tf.mul(dino, lossWeights[0] as tf.Tensor),
      tf.mul(classification, lossWeights[targets.classWeight] as tf.Tensor),
    );
  })(trainable.map(({ name }) => state.get(stateName.student(name))));
  const [dino, classification] = terms.map(released) as [tf.Tensor, tf.Tensor];
  return {
    value: { loss: value, dino, classification },
    grads,
  };
}

/** A term that was kept past the gradient computation's own scope, handed to the scope around it. */
function released(term: tf.Tensor): tf.Tensor {
  const copy = tf.clone(term);
  term.dispose();
  return copy;
}

/** The student's crops: the global views as one tensor, the local ones as another. */
function crops(config: StepConfig, inputs: NamedTensors): tf.Tensor[] {
  const globals = inputs.get(INPUT.globalViews);
  return config.localViews > 0 ? [globals, inputs.get(INPUT.localViews)] : [globals];
}

function keepMasks(config: StepConfig, inputs: NamedTensors): { keepMasks?: tf.Tensor[] } {
  if (config.model.dropPathRate === 0) return {};
  const globals = inputs.get(INPUT.globalKeepMask);
  return { keepMasks: config.localViews > 0 ? [globals, inputs.get(INPUT.localKeepMask)] : [globals] };
}
