import { type NamedTensors, tf } from '@fedistl/compute';
import { type ParameterSpec } from '@fedistl/vit';
import { adamw, type AdamWTensors, groupOf } from '../optimiser/adamw';
import { clipFactors } from '../optimiser/clip';
import { Pack } from '../optimiser/pack';
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

/** Up to this many elements a tensor is updated together with others (optimiser/pack.ts). */
const SMALL = 8192;

/** The tensors that are updated as one vector: small, without weight decay, and of the common group. */
export function smallTensors(parameters: readonly ParameterSpec[]): Pack {
  return new Pack(
    parameters.filter(
      ({ trainable, decayed, shape }) =>
        trainable && !decayed && shape.reduce((product, length) => product * length, 1) <= SMALL,
    ),
  );
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
  const updated = parameters.filter(({ name }) => gradients.has(name));
  const pack = smallTensors(updated);
  const packed = new Set(pack.members.map(({ name }) => name));
  const single = updated.filter(({ name }) => !packed.has(name));
  const gradient = (name: string): tf.Tensor => gradients.get(name) as tf.Tensor;
  const factors = clippingOf(
    clip,
    [...single, ...pack.members].map(({ name }) => gradient(name)),
  );
  const next = new Map<string, tf.Tensor>();
  for (const [index, { name, decayed }] of single.entries()) {
    const group = name === LAST_LAYER ? groups.last : decayed ? groups.decayed : groups.undecayed;
    const tensors = adamw(
      gradient(name),
      tensorsOf((of) => state.get(of(name))),
      group,
      factors?.one(index),
    );
    setAll(next, name, tensors);
  }
  if (pack.members.length > 0) {
    const tensors = tensorsOf((of) => pack.join((name) => state.get(of(name))));
    const spread = factors === undefined ? undefined : pack.spread(factors.from(single.length));
    const joined = adamw(pack.join(gradient), tensors, groups.undecayed, spread);
    const [p, m, v] = [joined.parameter, joined.m, joined.v].map((vector) => pack.split(vector));
    for (const { name } of pack.members) {
      setAll(next, name, {
        parameter: p?.get(name) as tf.Tensor,
        m: m?.get(name) as tf.Tensor,
        v: v?.get(name) as tf.Tensor,
      });
    }
  }
  return next;
}

/** Clip factors of a list of gradients: of one, or of the rest from some index on. */
interface Clipping {
  one(index: number): tf.Tensor;
  from(index: number): tf.Tensor;
}

function clippingOf(threshold: number | undefined, gradients: readonly tf.Tensor[]): Clipping | undefined {
  if (threshold === undefined) return undefined;
  const factors = clipFactors(gradients, threshold);
  const each = tf.unstack(factors);
  return {
    one: (index) => each[index] as tf.Tensor,
    from: (index) => tf.slice(factors, [index], [gradients.length - index]),
  };
}

/** Parameter and moments, each from the state tensor that its name function names. */
function tensorsOf(read: (of: (parameter: string) => string) => tf.Tensor): AdamWTensors {
  return { parameter: read(stateName.student), m: read(stateName.firstMoment), v: read(stateName.secondMoment) };
}

function setAll(next: Map<string, tf.Tensor>, name: string, { parameter, m, v }: AdamWTensors): void {
  next.set(stateName.student(name), parameter);
  next.set(stateName.firstMoment(name), m);
  next.set(stateName.secondMoment(name), v);
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
  const updated = parameters.filter(({ name }) => student.has(stateName.student(name)));
  const pack = smallTensors(updated);
  const packed = pack.members.length === 0 ? [] : pack.split(average(pack.join(teacherOf), pack.join(studentOf)));
  const next = new Map<string, tf.Tensor>();
  for (const [name, value] of packed) next.set(stateName.teacher(name), value);
  for (const { name } of updated) {
    const key = stateName.teacher(name);
    if (!next.has(key)) next.set(key, average(teacherOf(name), studentOf(name)));
  }
  return next;
}
