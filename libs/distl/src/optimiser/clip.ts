import { tf } from '@fedistl/compute';

/** Added to the norm before dividing, as PyTorch's clipping does. */
const NORM_EPSILON = 1e-6;

/**
 * Factors that clip each gradient by its own norm: `min(1, threshold/(‖g‖ + 1e-6))`. DISTL clips every parameter tensor
 * separately, not the global norm (distl.md 1.6).
 *
 * @returns one factor a gradient, [n]
 */
export function clipFactors(gradients: readonly tf.Tensor[], threshold: number): tf.Tensor {
  const norms = tf.sqrt(tf.stack(gradients.map((gradient) => tf.sum(tf.mul(gradient, gradient)))));
  return tf.minimum(tf.div(threshold, tf.add(norms, NORM_EPSILON)), 1);
}
