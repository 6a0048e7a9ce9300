import { matMul, normLinear, tf } from '@fedistl/compute';
import { type VitConfig } from '../config/vit-config';
import { type BlockTensors, type BranchFactors, finishBlock } from './block';

/**
 * The last block for the class token alone: only token 0 leaves the backbone, so the other tokens need keys and values, but
 * neither queries, projection nor MLP. Values and gradients are those of the whole block; it spares 10/12 of its products.
 *
 * @param x [B, N, D]
 * @param factors branch factors [B, 1]
 * @returns [B, D]
 */
export function classTokenBlock(
  x: tf.Tensor,
  tensors: BlockTensors,
  config: VitConfig,
  factors?: BranchFactors,
): tf.Tensor {
  const [batch, tokens, width] = x.shape as [number, number, number];
  const { numHeads, layerNormEps } = config;
  const headWidth = width / numHeads;
  const [gamma, beta, weight, bias] = tensors;
  const rows = (first: number, count: number) => ({
    gamma,
    beta,
    weight: tf.slice(weight, [first, 0], [count, width]),
    bias: tf.slice(bias, [first], [count]),
  });
  const token = tf.reshape(tf.slice(x, [0, 0, 0], [batch, 1, width]), [batch, width]);
  const query = normLinear(token, rows(0, width), layerNormEps, 1 / Math.sqrt(headWidth)); // [B, D]
  const both = normLinear(x, rows(width, 2 * width), layerNormEps); // [B, N, 2 * D]
  const byHead = tf.transpose(tf.reshape(both, [batch, tokens, 2, numHeads, headWidth]), [2, 0, 3, 1, 4]);
  const [keys, values] = tf.unstack(byHead) as [tf.Tensor, tf.Tensor]; // [B, H, N, W] each
  const scores = matMul(tf.reshape(query, [batch, numHeads, 1, headWidth]), keys, false, true); // [B, H, 1, N]
  const mixed = tf.reshape(matMul(tf.softmax(scores), values), [batch, width]);
  return finishBlock(token, mixed, { tensors, config, factors });
}
