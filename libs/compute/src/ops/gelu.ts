import { tf } from '../tf';
import { withGradient } from './with-gradient';

/** ln(2/√π): turns the factor of the Gaussian into a summand of its exponent, which saves a pass over the tensor. */
const LOG_TWO_OVER_SQRT_PI = Math.log(2 / Math.sqrt(Math.PI));

/**
 * Exact (erf) GELU, `x·Φ(x)` (Hendrycks and Gimpel, arXiv 1606.08415).
 *
 * @param x any shape
 */
export function gelu(x: tf.Tensor): tf.Tensor {
  return tf.mul(scaledGelu(tf.mul(x, Math.SQRT1_2)), Math.SQRT1_2);
}

/**
 * `√2 · GELU(√2·u) = u·(1 + erf u)`: GELU in the scaling in which it needs the fewest passes over memory. The factors
 * belong into the weights before and after it, as `feedForward` does.
 */
export function scaledGelu(u: tf.Tensor): tf.Tensor {
  return withGradient(scaledGeluOperation, u);
}

const scaledGeluOperation = {
  forward: (u: tf.Tensor) => {
    const gate = tf.add(tf.erf(u), 1);
    return { value: tf.mul(u, gate), saved: [u, gate] as const };
  },
  // d/du u(1 + erf u) = 1 + erf u + u·(2/√π)·exp(-u²)
  backward: (dy: tf.Tensor, u: tf.Tensor, gate: tf.Tensor) => {
    const density = tf.exp(tf.sub(LOG_TWO_OVER_SQRT_PI, tf.mul(u, u)));
    return [tf.mul(dy, tf.add(tf.mul(density, u), gate))];
  },
};
