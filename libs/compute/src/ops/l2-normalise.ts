import { tf } from '../tf';
import { withGradient } from './with-gradient';

/**
 * Rows scaled to length 1: `x / max(‖x‖, epsilon)` over the last axis, as PyTorch's `normalize`.
 *
 * @param x [..., D]
 * @returns [..., D]
 */
export function l2Normalise(x: tf.Tensor, epsilon = 1e-12): tf.Tensor {
  return withGradient(
    {
      forward: (input: tf.Tensor) => {
        const norm = tf.sqrt(tf.sum(tf.mul(input, input), -1, true));
        const inverse = tf.reciprocal(tf.maximum(norm, epsilon)); // [..., 1]
        const value = tf.mul(input, inverse);
        return { value, saved: [value, inverse] };
      },
      // d(x/‖x‖) = (dy - y (y·dy)) / ‖x‖
      backward: (dy, y, inverse) => [tf.mul(tf.sub(dy, tf.mul(y, tf.sum(tf.mul(y, dy), -1, true))), inverse)],
    },
    x,
  );
}
