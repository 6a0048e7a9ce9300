import { type NamedTensors, type Program, tf, type TensorSpec } from '@fedistl/compute';
import { forwardClass, keepMaskShape, type ParameterSpec, vitParameters } from '@fedistl/vit';
import { binaryCrossEntropy } from '../losses/binary-cross-entropy';
import { GROUP_SCALARS } from '../optimiser/adamw';
import { optimise } from './optimise';
import { stateName } from './state-names';
import { type StepConfig } from './step-config';
import { INPUT } from './step-inputs';

/** Second global view of a labelled batch, [B, C, G, G]. */
export const AUGMENTED_VIEW = 'augmentedView';

/** Parameters that a supervised step trains: backbone and class head. */
function supervisedParameters(config: StepConfig): ParameterSpec[] {
  return vitParameters(config.model).filter(({ name, trainable }) => trainable && !name.startsWith('head.'));
}

/** Shapes of a supervised step's inputs. */
export function supervisedInputs({ model, batch, globalSize }: StepConfig): TensorSpec[] {
  return [
    { name: AUGMENTED_VIEW, shape: [batch, model.inChannels, globalSize, globalSize] },
    ...(model.dropPathRate > 0 ? [{ name: INPUT.globalKeepMask, shape: keepMaskShape(model, batch) }] : []),
    { name: INPUT.labels, shape: [batch, model.classHead.findings] },
    { name: INPUT.lossWeights, shape: [3] },
    { name: INPUT.optimiser, shape: [GROUP_SCALARS] },
  ];
}

/**
 * One supervised step (distl.md 1.4, T = initial): the student's class logit on the augmented global view against the label.
 * Neither the DINO head nor the local views nor the teacher take part: head, centre and teacher keep their values and the
 * head its moments. The loss is `w[2]·L_C`. Outputs: `loss`, `classification`.
 *
 * It binds to the same state as `distlStep`.
 */
export function supervisedStep(config: StepConfig): Program {
  const parameters = supervisedParameters(config);
  const names = parameters.map(({ name }) => name);
  return {
    name: 'supervised-step',
    inputs: supervisedInputs(config),
    state: [stateName.student, stateName.firstMoment, stateName.secondMoment].flatMap((of) => names.map(of)),
    body: (inputs, state) => {
      const { value, classification, grads } = gradients(config, names, inputs, state);
      const scalars = inputs.get(INPUT.optimiser);
      const next = optimise(new Map(names.map((name, i) => [name, grads[i] as tf.Tensor])), state, {
        parameters,
        clip: config.clip,
        scalars,
        lastLayerScalars: scalars,
      });
      return { outputs: { loss: value, classification }, state: next };
    },
  };
}

function gradients(
  config: StepConfig,
  names: readonly string[],
  inputs: NamedTensors,
  state: NamedTensors,
): { readonly value: tf.Tensor; readonly classification: tf.Tensor; readonly grads: readonly tf.Tensor[] } {
  const weight = tf.unstack(inputs.get(INPUT.lossWeights))[2] as tf.Tensor;
  const terms: tf.Tensor[] = [];
  const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
    const weights = new Map(names.map((name, i) => [name, tensors[i] as tf.Tensor]));
    const masks = config.model.dropPathRate > 0 ? { keepMask: inputs.get(INPUT.globalKeepMask) } : {};
    const logits = forwardClass(weights, config.model, inputs.get(AUGMENTED_VIEW), {
      rematerialise: config.rematerialise,
      ...masks,
    });
    const loss = tf.keep(binaryCrossEntropy(logits, inputs.get(INPUT.labels)));
    terms.push(loss);
    return tf.mul(loss, weight);
  })(names.map((name) => state.get(stateName.student(name))));
  const [kept] = terms as [tf.Tensor];
  const classification = tf.clone(kept);
  kept.dispose();
  return { value, classification, grads };
}
