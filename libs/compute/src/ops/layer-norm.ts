import { tf } from '../tf';
import { normalise, normaliseBackward } from './normalise';
import { withGradient } from './with-gradient';

/**
 * Layer normalisation over the last axis (Ba et al., arXiv 1607.06450).
 *
 * @param x [..., D]
 * @param gamma scale, [D]
 * @param beta shift, [D]
 * @param epsilon added to the variance; 1e-6 in DISTL's networks
 * @returns [..., D]
 */
export function layerNorm(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): tf.Tensor {
  return withGradient(
    {
      forward: (input: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor) => {
        const { value, inverseStdDev } = normalise(input, epsilon);
        return { value: tf.add(tf.mul(value, scale), shift), saved: [value, inverseStdDev, scale] };
      },
      backward: (dy, value, inverseStdDev, scale) => {
        const leading = dy.shape.slice(0, -1).map((_, axis) => axis);
        const gradient = tf.mul(dy, scale);
        const centred = tf.sub(gradient, tf.mean(gradient, -1, true));
        return [
          normaliseBackward(centred, { value, inverseStdDev }),
          tf.sum(tf.mul(dy, value), leading),
          tf.sum(dy, leading),
        ];
      },
    },
    x,
    gamma,
    beta,
  );
}
