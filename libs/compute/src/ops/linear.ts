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
  const y = bias === undefined ? withGradient(product, rows, weight) : withGradient(affine, rows, weight, bias);
  return tf.reshape(y, [...x.shape.slice(0, -1), outputs]);
}

const product = {
  forward: (x: tf.Tensor, weight: tf.Tensor) => ({
    value: matMul(x, weight, false, true),
    saved: [x, weight] as const,
  }),
  backward: (dy: tf.Tensor, x: tf.Tensor, weight: tf.Tensor) => [
    matMul(dy, weight), // [M, I]
    matMul(dy, x, true), // [O, I]
  ],
};

const affine = {
  forward: (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) => ({
    value: tf.add(matMul(x, weight, false, true), bias),
    saved: [x, weight] as const,
  }),
  backward: (dy: tf.Tensor, x: tf.Tensor, weight: tf.Tensor) => [...product.backward(dy, x, weight), tf.sum(dy, 0)],
};
