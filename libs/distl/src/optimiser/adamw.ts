import { tf } from '@fedistl/compute';

export interface AdamWOptions {
  /** 0.9 */
  readonly beta1: number;
  /** 0.999 */
  readonly beta2: number;
  /** 1e-8 */
  readonly epsilon: number;
}

export const ADAMW_DEFAULTS: AdamWOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** Number of scalars that steer one group of parameters through a step. */
export const GROUP_SCALARS = 7;

/**
 * The numbers by which a group of parameters moves in one step, computed in double precision on the host so that the graph
 * needs no power or root of a scalar:
 * `[β1, 1-β1, β2, 1-β2, decay factor, step size, ε̂]` with `decay factor = 1 - lr·wd`,
 * `step size = lr·√(1-β2^n)/(1-β1^n)`, `ε̂ = ε·√(1-β2^n)`, which is Loshchilov and Hutter (arXiv 1711.05101, Alg. 2) as
 * PyTorch computes it, rearranged.
 *
 * @param count n, how many updates this group has had, this one included
 */
export function adamwScalars(
  { beta1, beta2, epsilon }: AdamWOptions,
  learningRate: number,
  weightDecay: number,
  count: number,
): Float32Array {
  const root = Math.sqrt(1 - beta2 ** count);
  return Float32Array.of(
    beta1,
    1 - beta1,
    beta2,
    1 - beta2,
    1 - learningRate * weightDecay,
    (learningRate * root) / (1 - beta1 ** count),
    epsilon * root,
  );
}

/** Scalars that leave a group as it is: no moments, no decay, no step (the frozen last layer). */
export function frozenScalars(): Float32Array {
  return Float32Array.of(1, 0, 1, 0, 1, 0, 1);
}

export interface AdamWTensors {
  readonly parameter: tf.Tensor;
  /** First moment. */
  readonly m: tf.Tensor;
  /** Second moment. */
  readonly v: tf.Tensor;
}

/** The scalars of a group as tensors. */
export interface AdamWGroup {
  readonly scalars: readonly tf.Tensor[];
  readonly decayed: boolean;
}

/** Takes a fed vector of `adamwScalars` apart. */
export function groupOf(scalars: tf.Tensor, decayed: boolean): AdamWGroup {
  return { scalars: tf.unstack(scalars), decayed };
}

/**
 * One AdamW update of one tensor.
 *
 * @param gradient unclipped
 * @param factor scalar by which the gradient is clipped; it goes into the moments' own factors, which saves a pass
 */
export function adamw(
  gradient: tf.Tensor,
  { parameter, m, v }: AdamWTensors,
  group: AdamWGroup,
  factor?: tf.Tensor,
): AdamWTensors {
  const [beta1, rest1, beta2, rest2, decay, stepSize, epsilon] = group.scalars as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  const take1 = factor === undefined ? rest1 : tf.mul(rest1, factor);
  const take2 = factor === undefined ? rest2 : tf.mul(rest2, tf.mul(factor, factor));
  const nextM = tf.add(tf.mul(m, beta1), tf.mul(gradient, take1));
  const nextV = tf.add(tf.mul(v, beta2), tf.mul(tf.mul(gradient, gradient), take2));
  const step = tf.div(tf.mul(nextM, stepSize), tf.add(tf.sqrt(nextV), epsilon));
  const kept = group.decayed ? tf.mul(parameter, decay) : parameter;
  return { parameter: tf.sub(kept, step), m: nextM, v: nextV };
}
