import { type NamedTensors, type Program, tf } from '@fedistl/compute';
import { vitParameters } from '@fedistl/vit';
import { nextCentre } from '../losses/dino-loss';
import { averageTeacher, optimise } from './optimise';
import { stateName, trainingState } from './state-names';
import { type StepConfig } from './step-config';
import { INPUT, stepInputs } from './step-inputs';
import { studentGradients } from './student-pass';
import { teacherPass } from './teacher-pass';

/**
 * One DISTL step as a program (distl.md 1.7): teacher on the two global views, student on all views, losses, backward pass,
 * per-tensor clipping, AdamW, and the centre. The unlabelled step goes on with the teacher's EMA; the labelled one
 * (correction) does not.
 *
 * The loss is `w[0]·L_D + w[1]·L_S` (`w[2]·L_C` in place of `L_S` on labelled images), with the weights w an input, so that
 * one program serves every epoch of the ramp and every ablation. Outputs: `loss`, `dino`, `classification`,
 * `teacherProbabilities` [B, findings] of the original view; for the monitors, which no gradient passes, `teacherEntropy`
 * (mean of the rows' entropies, nats), `targetInformation` (see `information`), `teacherFeatures` [2·B, D], and `retained`, the share of pseudo-labels that count, when
 * they are filtered.
 */
export function distlStep(config: StepConfig, labelled: boolean): Program {
  const parameters = vitParameters(config.model);
  return {
    name: labelled ? 'correction-step' : 'unlabelled-step',
    inputs: stepInputs(config, labelled),
    state: trainingState(parameters, config.model.dinoHead.outDim).map(({ name }) => name),
    body: (inputs, state) => {
      const teacher = teacherPass(config, parameters, inputs, state);
      const trainable = parameters.filter((parameter) => parameter.trainable);
      const targets = labelled ? inputs.get(INPUT.labels) : teacher.pseudoLabels;
      const filtered = !labelled && config.confidenceFilter === true;
      const counted = filtered ? confident(teacher.pseudoLabels, inputs) : undefined;
      const { value, grads } = studentGradients(config, parameters, inputs, state, {
        dinoTargets: teacher.targets,
        classTargets: targets,
        classWeight: labelled ? 2 : 1,
        ...(counted === undefined ? {} : { counted }),
      });
      const gradients = new Map(trainable.map(({ name }, i) => [name, grads[i] as tf.Tensor]));
      const next = optimise(gradients, state, {
        parameters,
        clip: config.clip,
        scalars: inputs.get(INPUT.optimiser),
        lastLayerScalars: inputs.get(INPUT.lastLayerOptimiser),
      });
      const averaged = labelled ? [] : averageTeacher(next, state, inputs.get(INPUT.teacherMomentum), parameters);
      const centre = nextCentre(state.get(stateName.centre), teacher.dinoLogits, config.centreMomentum);
      return {
        outputs: {
          ...value,
          teacherProbabilities: teacher.pseudoLabels,
          teacherEntropy: meanEntropy(teacher.targets),
          targetInformation: information(teacher.targets),
          teacherFeatures: teacher.features,
          ...(counted === undefined ? {} : { retained: tf.mean(counted) }),
        },
        state: new Map([...next, ...averaged, [stateName.centre, centre]]),
      };
    },
  };
}

/** Keeps the logarithm of a probability that is rounded to 0 finite. */
const LEAST_PROBABILITY = 1e-30;

/** @param probabilities [rows, K] */
function meanEntropy(probabilities: tf.Tensor): tf.Tensor {
  const [rows] = probabilities.shape as [number, number];
  return tf.mul(tf.sum(tf.mul(probabilities, tf.log(tf.add(probabilities, LEAST_PROBABILITY)))), -1 / rows);
}

/**
 * What a DINO target tells about the image that it belongs to: the entropy of the mean target less the mean entropy of the
 * targets, which is the mutual information of image and prototype over the batch's rows, as a share of its largest value,
 * ln min(rows, K). It is 0 when all images have the same target, be it even or a single prototype: the two ways in which DINO
 * collapses (Caron et al., arXiv 2104.14294, section 5.3).
 */
function information(targets: tf.Tensor): tf.Tensor {
  const [rows, prototypes] = targets.shape as [number, number];
  const ofMean = meanEntropy(tf.mean(targets, 0, true));
  return tf.mul(tf.sub(ofMean, meanEntropy(targets)), 1 / Math.log(Math.min(rows, prototypes)));
}

/** So that a probability equal to its threshold counts: step(0) is 0. */
const THRESHOLD_SLACK = 1e-7;

/** 1 where the teacher is sure enough of either class: p >= the positive threshold, or 1 - p >= the negative one. */
function confident(probabilities: tf.Tensor, inputs: NamedTensors): tf.Tensor {
  const [positive, negative] = tf.unstack(inputs.get(INPUT.confidence)) as [tf.Tensor, tf.Tensor];
  const above = tf.step(tf.add(tf.sub(probabilities, positive), THRESHOLD_SLACK));
  const below = tf.step(tf.add(tf.sub(tf.sub(1, probabilities), negative), THRESHOLD_SLACK));
  return tf.maximum(above, below);
}
