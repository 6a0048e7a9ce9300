import { tf, withGradient } from '@fedistl/compute';

/**
 * Mean binary cross-entropy of logits against soft or hard targets, `max(a,0) - a·y + log(1 + e^-|a|)`
 * (distl.md 1.4, L_S and L_C). Its gradient is (σ(a) - y)/n.
 *
 * @param logits a, any shape of n numbers
 * @param targets y in [0, 1], same shape; constants
 * @param counted 1 where the element counts, 0 where it does not; the mean stays over all n, so that a batch of which little
 *   counts moves the weights little (as in FixMatch, arXiv 2001.07685, Eq. 4)
 * @returns scalar
 */
export function binaryCrossEntropy(logits: tf.Tensor, targets: tf.Tensor, counted?: tf.Tensor): tf.Tensor {
  if (counted !== undefined) return countedCrossEntropy(logits, targets, counted);
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

function countedCrossEntropy(logits: tf.Tensor, targets: tf.Tensor, counted: tf.Tensor): tf.Tensor {
  return withGradient(
    {
      forward: (a: tf.Tensor) => {
        const softplus = tf.log(tf.add(tf.exp(tf.neg(tf.abs(a))), 1));
        const each = tf.add(tf.sub(tf.relu(a), tf.mul(a, targets)), softplus);
        return { value: tf.mean(tf.mul(each, counted)), saved: [a, targets, counted] };
      },
      backward: (dy, a, y, weight) => [tf.mul(tf.mul(tf.sub(tf.sigmoid(a), y), weight), tf.mul(dy, 1 / a.size))],
    },
    logits,
  );
}
