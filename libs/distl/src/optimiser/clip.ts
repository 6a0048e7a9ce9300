import { tf } from '@fedistl/compute';

/** Added to the norm before dividing, as PyTorch's clipping does. */
const NORM_EPSILON = 1e-6;

/**
 * Factor that clips one tensor's gradient by its own norm: `min(1, threshold/(‖g‖ + 1e-6))`. DISTL clips every parameter
 * tensor separately, not the global norm (distl.md 1.6).
 *
 * @returns scalar
 */
export function clipFactor(gradient: tf.Tensor, threshold: number): tf.Tensor {
  const norm = tf.sqrt(tf.sum(tf.mul(gradient, gradient)));
  return tf.minimum(tf.div(threshold, tf.add(norm, NORM_EPSILON)), 1);
}
