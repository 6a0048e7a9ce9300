import { type NamedTensors, tf } from '@fedistl/compute';
import { type ParameterSpec } from '@fedistl/vit';
import { adamw, groupOf } from '../optimiser/adamw';
import { clipFactors, type Clipping, globalClipFactor } from '../optimiser/clip';
import { updateUnits } from './update-units';
import { stateName } from './state-names';

/** The DINO head's last layer: a group of its own, because it is frozen in a stage's first epoch. */
export const LAST_LAYER = 'head.last_layer.weight_v';

export interface Optimisation {
  readonly parameters: readonly ParameterSpec[];
  /** None when undefined. */
  readonly clip: Clipping | undefined;
  /** Scalars of all parameters but the last layer, [7]. */
  readonly scalars: tf.Tensor;
  /** Scalars of the last layer, [7]. */
  readonly lastLayerScalars: tf.Tensor;
}

/**
 * Clips, then updates every trainable tensor and its moments.
 *
 * Each unit's update depends on its own gradients only. That matters for memory: the runtime computes a weight gradient when
 * something asks for it, and keeps the activations until then.
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
  const gradientOf = (name: string): tf.Tensor => gradients.get(name) as tf.Tensor;
  const common = clip?.scope === 'global' ? globalClipFactor([...gradients.values()], clip.threshold) : undefined;
  const next = new Map<string, tf.Tensor>();
  for (const { decayed, pack } of updateUnits(parameters.filter(({ name }) => gradients.has(name)))) {
    const names = pack.members.map(({ name }) => name);
    const group = names[0] === LAST_LAYER ? groups.last : decayed ? groups.decayed : groups.undecayed;
    const factors = clip?.scope === 'tensor' ? pack.spread(clipFactors(names.map(gradientOf), clip.threshold)) : common;
    const read = (of: (parameter: string) => string): tf.Tensor => pack.join((name) => state.get(of(name)));
    const before = {
      parameter: read(stateName.student),
      m: read(stateName.firstMoment),
      v: read(stateName.secondMoment),
    };
    const after = adamw(pack.join(gradientOf), before, group, factors);
    for (const [name, value] of pack.split(after.parameter)) next.set(stateName.student(name), value);
    for (const [name, value] of pack.split(after.m)) next.set(stateName.firstMoment(name), value);
    for (const [name, value] of pack.split(after.v)) next.set(stateName.secondMoment(name), value);
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
  parameters: readonly ParameterSpec[],
): Map<string, tf.Tensor> {
  const [keep, take] = tf.unstack(momentum) as [tf.Tensor, tf.Tensor];
  const average = (teacher: tf.Tensor, value: tf.Tensor): tf.Tensor =>
    tf.add(tf.mul(teacher, keep), tf.mul(value, take));
  const teacherOf = (name: string): tf.Tensor => state.get(stateName.teacher(name));
  const studentOf = (name: string): tf.Tensor => student.get(stateName.student(name)) as tf.Tensor;
  const next = new Map<string, tf.Tensor>();
  for (const { pack } of updateUnits(parameters.filter(({ name }) => student.has(stateName.student(name))))) {
    const averaged = average(pack.join(teacherOf), pack.join(studentOf));
    for (const [name, value] of pack.split(averaged)) next.set(stateName.teacher(name), value);
  }
  return next;
}
