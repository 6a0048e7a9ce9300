import { tf } from '@fedistl/compute';
import { bicubicMatrix } from './bicubic-matrix';

/** Rows and columns of a patch grid. */
export interface PatchGrid {
  readonly rows: number;
  readonly columns: number;
}

/**
 * The learned positions for a grid of another size; row 0, the class token's, is left as it is.
 *
 * Separable resampling as two matrix products with constant matrices, so that it traces and its gradient is exact.
 *
 * @param positions [1, 1 + base * base, D]
 * @param base side of the learned grid
 * @returns [1, 1 + rows * columns, D]
 */
export function interpolatePositions(positions: tf.Tensor, base: number, grid: PatchGrid): tf.Tensor {
  const { rows, columns } = grid;
  if (rows === base && columns === base) return positions;
  const width = positions.shape[2] ?? 0;
  const first = tf.slice(positions, [0, 0, 0], [1, 1, width]);
  const cells = tf.slice(positions, [0, 1, 0], [1, base * base, width]);
  const vertical = matrixTensor(base, rows); // [rows, base]
  const horizontal = matrixTensor(base, columns); // [columns, base]
  const tall = tf.matMul(vertical, tf.reshape(cells, [base, base * width])); // [rows, base * D]
  const turned = tf.transpose(tf.reshape(tall, [rows, base, width]), [1, 0, 2]); // [base, rows, D]
  const wide = tf.matMul(horizontal, tf.reshape(turned, [base, rows * width])); // [columns, rows * D]
  const upright = tf.transpose(tf.reshape(wide, [columns, rows, width]), [1, 0, 2]); // [rows, columns, D]
  return tf.concat([first, tf.reshape(upright, [1, rows * columns, width])], 1);
}

function matrixTensor(from: number, to: number): tf.Tensor2D {
  return tf.tensor2d(Float32Array.from(bicubicMatrix(from, to)), [to, from]);
}
