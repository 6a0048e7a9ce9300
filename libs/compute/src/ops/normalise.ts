import { tf } from '../tf';
import { hasKernel } from './has-kernel';

/** Rows shifted to mean 0 and scaled to variance 1, with the factors that did it. */
export interface Normalised {
  /** [..., D] */
  readonly value: tf.Tensor;
  /** 1/sqrt(variance + eps), [..., 1] */
  readonly inverseStdDev: tf.Tensor;
}

/** Name of the kernel that a backend may register to compute `normalise` in one pass. */
export const NORMALISE_KERNEL = 'FedistlNormalise';

/**
 * Layer normalisation without scale and shift (Ba et al., arXiv 1607.06450, Eq. 4), biased variance. Not differentiable
 * by itself: `layerNorm` and `normLinear` bring the derivative.
 *
 * @param x [..., D]
 */
export function normalise(x: tf.Tensor, epsilon: number): Normalised {
  if (hasKernel(NORMALISE_KERNEL)) {
    // The published types know a single tensor only; kernels with several outputs return an array.
    const outputs = tf.engine().runKernel(NORMALISE_KERNEL, { x }, { epsilon }) as unknown as [tf.Tensor, tf.Tensor];
    return { value: outputs[0], inverseStdDev: outputs[1] };
  }
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true);
  const inverseStdDev = tf.rsqrt(tf.add(variance, epsilon));
  return { value: tf.mul(centred, inverseStdDev), inverseStdDev };
}

/**
 * Gradient through `normalise`.
 *
 * @param gradient dL/dvalue with its row means already removed, [..., D]
 * @returns dL/dx, [..., D]
 */
export function normaliseBackward(gradient: tf.Tensor, { value, inverseStdDev }: Normalised): tf.Tensor {
  const projection = tf.mean(tf.mul(gradient, value), -1, true); // [..., 1]
  return tf.mul(tf.sub(gradient, tf.mul(value, projection)), inverseStdDev);
}
