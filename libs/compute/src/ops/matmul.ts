import { tf } from '../tf';

/**
 * Matrix product with optional transposes over the last two axes.
 *
 * The WASM backend has a fast product for untransposed operands only: an explicit transpose before it is 5 to 10 times
 * cheaper than its flags. Every other engine takes the flags.
 *
 * @param a [..., M, K] ([..., K, M] with `transposeA`)
 * @param b [..., K, N] ([..., N, K] with `transposeB`)
 * @returns [..., M, N]
 */
export function matMul(a: tf.Tensor, b: tf.Tensor, transposeA = false, transposeB = false): tf.Tensor {
  if (tf.getBackend() !== 'wasm') return tf.matMul(a, b, transposeA, transposeB);
  return tf.matMul(transposeA ? swapLastAxes(a) : a, transposeB ? swapLastAxes(b) : b);
}

function swapLastAxes(x: tf.Tensor): tf.Tensor {
  const permutation = x.shape.map((_, axis) => axis);
  permutation.splice(-2, 2, x.rank - 1, x.rank - 2);
  return tf.transpose(x, permutation);
}
