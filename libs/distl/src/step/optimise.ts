import { type NamedTensors, tf } from '@fedistl/compute';
import { type ParameterSpec } from '@fedistl/vit';
import { adamw, groupOf } from '../optimiser/adamw';
import { clipFactor } from '../optimiser/clip';
import { stateName } from './state-names';

/** The DINO head's last layer: a group of its own, because it is frozen in a stage's first epoch. */
export const LAST_LAYER = 'head.last_layer.weight_v';

export interface Optimisation {
  readonly parameters: readonly ParameterSpec[];
  /** Threshold of each tensor's gradient norm; none when undefined. */
  readonly clip: number | undefined;
  /** Scalars of all parameters but the last layer, [7]. */
  readonly scalars: tf.Tensor;
  /** Scalars of the last layer, [7]. */
  readonly lastLayerScalars: tf.Tensor;
}

/**
 * Clips, then updates every trainable tensor and its moments.
 *
 * @param gradients by parameter name, trainable ones only; a parameter without one keeps its value and moments
 * @returns next values of student, first and second moments, by state name
 */
export function optimise(
  gradients: ReadonlyMap<string, tf.Tensor>,
  state: NamedTensors,
  { parameters, clip, scalars, lastLayerScalars }: Optimisation,
): Map<string, tf.Tensor> {
  const groups = {
    decayed: groupOf(scalars, true),
    undecayed: groupOf(scalars, false),
    last: groupOf(lastLayerScalars, true),
  };
  const next = new Map<string, tf.Tensor>();
  for (const { name, decayed } of parameters) {
    const gradient = gradients.get(name);
    if (gradient === undefined) continue;
    const group = name === LAST_LAYER ? groups.last : decayed ? groups.decayed : groups.undecayed;
    const updated = adamw(
      gradient,
      {
        parameter: state.get(stateName.student(name)),
        m: state.get(stateName.firstMoment(name)),
        v: state.get(stateName.secondMoment(name)),
      },
      group,
      clip === undefined ? undefined : clipFactor(gradient, clip),
    );
    next.set(stateName.student(name), updated.parameter);
    next.set(stateName.firstMoment(name), updated.m);
    next.set(stateName.secondMoment(name), updated.v);
  }
  return next;
}

/**
 * Teacher as the exponential moving average of the student: θ_t ← m·θ_t + (1 - m)·θ_s over every trainable parameter
 * (distl.md 1.6).
 *
 * @param momentum [m, 1 - m], [2]
 */
export function averageTeacher(
  student: ReadonlyMap<string, tf.Tensor>,
  state: NamedTensors,
  momentum: tf.Tensor,
): Map<string, tf.Tensor> {
  const [keep, take] = tf.unstack(momentum) as [tf.Tensor, tf.Tensor];
  const prefix = stateName.student('');
  const next = new Map<string, tf.Tensor>();
  for (const [key, value] of student) {
    if (!key.startsWith(prefix)) continue;
    const name = stateName.teacher(key.slice(prefix.length));
    next.set(name, tf.add(tf.mul(state.get(name), keep), tf.mul(value, take)));
  }
  return next;
}
