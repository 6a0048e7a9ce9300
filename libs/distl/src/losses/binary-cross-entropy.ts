import { tf, withGradient } from '@fedistl/compute';

/**
 * Mean binary cross-entropy of logits against soft or hard targets, `max(a,0) - a·y + log(1 + e^-|a|)`
 * (distl.md 1.4, L_S and L_C). Its gradient is (σ(a) - y)/n.
 *
 * @param logits a, any shape of n numbers
 * @param targets y in [0, 1], same shape; constants
 * @returns scalar
 */
export function binaryCrossEntropy(logits: tf.Tensor, targets: tf.Tensor): tf.Tensor {
  return withGradient(
    {
      forward: (a: tf.Tensor) => {
        const softplus = tf.log(tf.add(tf.exp(tf.neg(tf.abs(a))), 1));
        const value = tf.mean(tf.add(tf.sub(tf.relu(a), tf.mul(a, targets)), softplus));
        return { value, saved: [a, targets] };
      },
      backward: (dy, a, y) => [tf.mul(tf.sub(tf.sigmoid(a), y), tf.mul(dy, 1 / a.size))],
    },
    logits,
  );
}
