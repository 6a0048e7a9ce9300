import { tf } from '@fedistl/compute';

export interface Clipping {
  /** `tensor`: each parameter tensor by its own norm, as DISTL does (distl.md 1.6). `global`: all by their common norm. */
  readonly scope: 'tensor' | 'global';
  /** Largest norm that is left as it is. */
  readonly threshold: number;
}

/** Added to the norm before dividing, as PyTorch's clipping does. */
const NORM_EPSILON = 1e-6;

/**
 * Factors that clip each gradient by its own norm: `min(1, threshold/(‖g‖ + 1e-6))`.
 *
 * @returns one factor a gradient, [n]
 */
export function clipFactors(gradients: readonly tf.Tensor[], threshold: number): tf.Tensor {
  return factorOf(tf.stack(gradients.map(squaredNorm)), threshold);
}

/**
 * The factor that clips all gradients by their common norm (PyTorch's `clip_grad_norm_`). It asks for every gradient before
 * the first update, so all activations stay in memory until then.
 *
 * @returns scalar
 */
export function globalClipFactor(gradients: readonly tf.Tensor[], threshold: number): tf.Tensor {
  return factorOf(tf.sum(tf.stack(gradients.map(squaredNorm))), threshold);
}

function squaredNorm(gradient: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(gradient, gradient));
}

function factorOf(squaredNorms: tf.Tensor, threshold: number): tf.Tensor {
  return tf.minimum(tf.div(threshold, tf.add(tf.sqrt(squaredNorms), NORM_EPSILON)), 1);
}
