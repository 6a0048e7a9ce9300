import { tf } from '../tf';
import { matMul } from './matmul';
import { withGradient } from './with-gradient';

/**
 * Fully connected layer: `y = x · weightᵀ + bias`.
 *
 * @param x [..., I]
 * @param weight [O, I], the row-major layout of PyTorch's `Linear`
 * @param bias [O]
 * @returns [..., O]
 */
export function linear(x: tf.Tensor, weight: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  const [outputs, inputs] = weight.shape as [number, number];
  const rows = tf.reshape(x, [-1, inputs]); // [M, I]
  const y = bias === undefined ? withGradient(product, [rows, weight]) : withGradient(affine, [rows, weight, bias]);
  return tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
}

const product = {
  forward: ([x, weight]: readonly tf.Tensor[]) => ({
    value: matMul(x as tf.Tensor, weight as tf.Tensor, false, true),
    saved: [x as tf.Tensor, weight as tf.Tensor],
  }),
  backward: (dy: tf.Tensor, [x, weight]: readonly tf.Tensor[]) => [
    matMul(dy, weight as tf.Tensor), // [M, I]
    matMul(dy, x as tf.Tensor, true), // [O, I]
  ],
};

const affine = {
  forward: ([x, weight, bias]: readonly tf.Tensor[]) => ({
    value: tf.add(matMul(x as tf.Tensor, weight as tf.Tensor, false, true), bias as tf.Tensor),
    saved: [x as tf.Tensor, weight as tf.Tensor],
  }),
  backward: (dy: tf.Tensor, saved: readonly tf.Tensor[]) => [...product.backward(dy, saved), tf.sum(dy, 0)],
};
