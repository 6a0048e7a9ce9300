import { type Rng } from '@fedistl/core';
import { tf } from '@fedistl/compute';
import { type VitConfig } from '../config/vit-config';
import { VitError } from '../vit.errors';

/** Residual branches of a block, in the order of their mask rows. */
export const branchesPerBlock = 2;

/** Probability of dropping a branch, by block: linear from 0 to dropPathRate (Huang et al., arXiv 1603.09382, Eq. 4). */
export function dropPathRates({ depth, dropPathRate }: VitConfig): readonly number[] {
  return Array.from({ length: depth }, (_, block) => (depth === 1 ? 0 : (dropPathRate * block) / (depth - 1)));
}

/** Shape of the keep mask of one group of `rows` images: one row a residual branch, one column an image. */
export function keepMaskShape({ depth }: VitConfig, rows: number): readonly [number, number] {
  return [depth * branchesPerBlock, rows];
}

/**
 * Draws a keep mask: 1 keeps the branch for that image, 0 drops it.
 *
 * @returns [depth * 2, rows], row-major; row 2i is the attention branch of block i, row 2i + 1 its MLP branch
 */
export function drawKeepMask(config: VitConfig, rows: number, rng: Rng): Float32Array {
  const mask = new Float32Array(config.depth * branchesPerBlock * rows);
  dropPathRates(config).forEach((rate, block) => {
    const start = block * branchesPerBlock * rows;
    for (let index = start; index < start + branchesPerBlock * rows; index += 1) {
      mask[index] = rate === 0 || rng.uniform() >= rate ? 1 : 0;
    }
  });
  return mask;
}

/**
 * @throws VitError `VIT.MASK_SHAPE` unless `mask` is [depth * 2, rows]
 */
export function checkKeepMask(mask: tf.Tensor, config: VitConfig, rows: number): void {
  const expected = keepMaskShape(config, rows);
  if (mask.shape.length !== 2 || mask.shape[0] !== expected[0] || mask.shape[1] !== expected[1]) {
    throw new VitError(
      'VIT.MASK_SHAPE',
      `expected a keep mask [${expected.join(', ')}], got [${mask.shape.join(', ')}]`,
      {
        details: { expected, shape: mask.shape },
      },
    );
  }
}

/** Which row of a keep mask, its block's drop rate, and how many axes of 1 the factors need behind the batch axis. */
export interface BranchOfMask {
  readonly branch: number;
  readonly rate: number;
  readonly trailing: number;
}

/**
 * The factors of one branch: mask / keep probability, so that the branch's expectation is unchanged.
 *
 * @param mask [depth * 2, B]
 * @returns [B, 1, ...]
 */
export function branchFactors(mask: tf.Tensor, { branch, rate, trailing }: BranchOfMask): tf.Tensor {
  const rows = mask.shape[1] ?? 0;
  const row = tf.slice(mask, [branch, 0], [1, rows]);
  return tf.reshape(tf.mul(row, 1 / (1 - rate)), [rows, ...new Array<number>(trailing).fill(1)]);
}
