import { type Program, tf } from '@fedistl/compute';
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
 * (mean of the rows' entropies, nats).
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
      const { value, grads } = studentGradients(config, parameters, inputs, state, {
        dinoTargets: teacher.targets,
        classTargets: targets,
        classWeight: labelled ? 2 : 1,
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
