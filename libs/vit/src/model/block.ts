import { feedForward, linear, normLinear, selfAttention, tf } from '@fedistl/compute';
import { type VitConfig } from '../config/vit-config';
import { type ParameterTensors, parameterOf } from './network-parameters';

/** Factors of a block's two residual branches, broadcastable to its output; left out where nothing is dropped. */
export interface BranchFactors {
  readonly attention: tf.Tensor;
  readonly mlp: tf.Tensor;
}

const blockTensorNames = [
  'norm1.weight',
  'norm1.bias',
  'attn.qkv.weight',
  'attn.qkv.bias',
  'attn.proj.weight',
  'attn.proj.bias',
  'norm2.weight',
  'norm2.bias',
  'mlp.fc1.weight',
  'mlp.fc1.bias',
  'mlp.fc2.weight',
  'mlp.fc2.bias',
] as const;

/** A block's twelve tensors in checkpoint order. */
export type BlockTensors = OneTensorEach<typeof blockTensorNames>;

type OneTensorEach<Names extends readonly string[]> = { readonly [Index in keyof Names]: tf.Tensor };

/** The tensors of block `index`. */
export function blockTensorsOf(parameters: ParameterTensors, index: number): BlockTensors {
  return blockTensorNames.map((name) =>
    parameterOf(parameters, `backbone.blocks.${index}.${name}`),
  ) as unknown as BlockTensors;
}

/**
 * One pre-norm transformer block: x + Attn(LN x), then x + MLP(LN x) (Dosovitskiy et al., arXiv 2010.11929, Eq. 2 and 3).
 *
 * @param x [B, N, D]
 * @returns [B, N, D]
 */
export function transformerBlock(
  x: tf.Tensor,
  tensors: BlockTensors,
  config: VitConfig,
  factors?: BranchFactors,
): tf.Tensor {
  const mixed = selfAttention(queriesKeysValues(x, tensors, config), config.numHeads); // [B, N, D]
  return finishBlock(x, mixed, { tensors, config, factors });
}

/** The block's normed input through its qkv layer: [B, N, D] -> [B, N, 3 * D]. */
export function queriesKeysValues(x: tf.Tensor, tensors: BlockTensors, config: VitConfig): tf.Tensor {
  const [gamma, beta, weight, bias] = tensors;
  return normLinear(x, { gamma, beta, weight, bias }, config.layerNormEps);
}

/** What the part of a block after its attention needs. */
export interface BlockRest {
  readonly tensors: BlockTensors;
  readonly config: VitConfig;
  readonly factors: BranchFactors | undefined;
}

/**
 * Output projection, first residual sum, MLP branch, second residual sum.
 *
 * @param x the block's input, [..., D]
 * @param mixed the attention's output before its projection, [..., D]
 */
export function finishBlock(x: tf.Tensor, mixed: tf.Tensor, { tensors, config, factors }: BlockRest): tf.Tensor {
  const [, , , , projWeight, projBias, gamma, beta, fc1Weight, fc1Bias, weight, bias] = tensors;
  const attended = tf.add(x, scaled(linear(mixed, projWeight, projBias), factors?.attention));
  const input = { gamma, beta, weight: fc1Weight, bias: fc1Bias };
  return tf.add(attended, scaled(feedForward(attended, { input, weight, bias }, config.layerNormEps), factors?.mlp));
}

function scaled(branch: tf.Tensor, factor: tf.Tensor | undefined): tf.Tensor {
  return factor === undefined ? branch : tf.mul(branch, factor);
}
