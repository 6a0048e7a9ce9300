import { attentionProbabilities, layerNorm, rematerialise, type tf } from '@fedistl/compute';
import { type VitConfig } from '../config/vit-config';
import { type BlockTensors, blockTensorsOf, type BranchFactors, queriesKeysValues, transformerBlock } from './block';
import { classTokenBlock } from './class-token-block';
import { type ParameterTensors, parameterOf } from './network-parameters';
import { embedPatches } from './patch-embedding';
import { branchesPerBlock, branchFactors, checkKeepMask, dropPathRates } from './stochastic-depth';

export interface BackboneOptions {
  /** Keep mask [depth * 2, B] of stochastic depth; without one nothing is dropped (teacher, evaluation). */
  readonly keepMask?: tf.Tensor | undefined;
  /** Recompute each block in the backward pass instead of keeping its activations. */
  readonly rematerialise?: boolean | undefined;
}

/**
 * The class-token feature of each image: the last block's token 0 through the final layer norm.
 *
 * @param images [B, C, H, W]; H and W any multiples of the patch
 * @returns [B, D]
 */
export function backboneFeatures(
  parameters: ParameterTensors,
  config: VitConfig,
  images: tf.Tensor,
  options: BackboneOptions = {},
): tf.Tensor {
  if (options.keepMask !== undefined) checkKeepMask(options.keepMask, config, images.shape[0]);
  return lastFeatures(parameters, config, runBlocks(parameters, config, images, options), options);
}

/**
 * Attention probabilities of the last block; row 0 is the class token's.
 *
 * @param images [B, C, H, W]
 * @returns [B, heads, N, N], N = 1 + patches
 */
export function lastAttention(parameters: ParameterTensors, config: VitConfig, images: tf.Tensor): tf.Tensor {
  return attentionOf(parameters, config, runBlocks(parameters, config, images));
}

/** Features and last-layer attention of one pass; shapes as `backboneFeatures` and `lastAttention`. */
export function featuresWithAttention(
  parameters: ParameterTensors,
  config: VitConfig,
  images: tf.Tensor,
): { readonly features: tf.Tensor; readonly attention: tf.Tensor } {
  const tokens = runBlocks(parameters, config, images);
  return {
    features: lastFeatures(parameters, config, tokens),
    attention: attentionOf(parameters, config, tokens),
  };
}

/** The last block and the final norm, for the class token: [B, N, D] -> [B, D]. */
function lastFeatures(
  parameters: ParameterTensors,
  config: VitConfig,
  tokens: tf.Tensor,
  options: BackboneOptions = {},
): tf.Tensor {
  const last = config.depth - 1;
  const classToken = runBlock(classTokenBlock, tokens, {
    tensors: blockTensorsOf(parameters, last),
    config,
    factors: factorsOf(config, last, 1, options.keepMask),
    rematerialised: options.rematerialise === true,
  });
  return layerNorm(
    classToken,
    parameterOf(parameters, 'backbone.norm.weight'),
    parameterOf(parameters, 'backbone.norm.bias'),
    config.layerNormEps,
  );
}

function attentionOf(parameters: ParameterTensors, config: VitConfig, tokens: tf.Tensor): tf.Tensor {
  const tensors = blockTensorsOf(parameters, config.depth - 1);
  return attentionProbabilities(queriesKeysValues(tokens, tensors, config), config.numHeads);
}

/** Embedding and all blocks but the last: [B, C, H, W] -> [B, N, D]. */
function runBlocks(
  parameters: ParameterTensors,
  config: VitConfig,
  images: tf.Tensor,
  options: BackboneOptions = {},
): tf.Tensor {
  let tokens = embedPatches(parameters, config, images);
  for (let index = 0; index < config.depth - 1; index += 1) {
    tokens = runBlock(transformerBlock, tokens, {
      tensors: blockTensorsOf(parameters, index),
      config,
      factors: factorsOf(config, index, 2, options.keepMask),
      rematerialised: options.rematerialise === true,
    });
  }
  return tokens;
}

/** Factors of a block's branches: [B] with `trailing` axes of 1 behind. */
function factorsOf(
  config: VitConfig,
  block: number,
  trailing: number,
  mask: tf.Tensor | undefined,
): BranchFactors | undefined {
  const rate = dropPathRates(config)[block] ?? 0;
  if (mask === undefined || rate === 0) return undefined;
  const row = block * branchesPerBlock;
  return {
    attention: branchFactors(mask, { branch: row, rate, trailing }),
    mlp: branchFactors(mask, { branch: row + 1, rate, trailing }),
  };
}

type Block = (x: tf.Tensor, tensors: BlockTensors, config: VitConfig, factors?: BranchFactors) => tf.Tensor;

interface BlockRun {
  readonly tensors: BlockTensors;
  readonly config: VitConfig;
  readonly factors: BranchFactors | undefined;
  readonly rematerialised: boolean;
}

/** A block, its activations kept or not. A recomputed block takes all that it reads as inputs, so that gradients reach it. */
function runBlock(block: Block, x: tf.Tensor, { tensors, config, factors, rematerialised }: BlockRun): tf.Tensor {
  if (!rematerialised) return block(x, tensors, config, factors);
  const inputs = factors === undefined ? [x, ...tensors] : [x, ...tensors, factors.attention, factors.mlp];
  return rematerialise((...given: tf.Tensor[]) => {
    const [tokens, ...rest] = given as [tf.Tensor, ...tf.Tensor[]];
    const [attention, mlp] = rest.splice(tensors.length);
    const kept = attention === undefined || mlp === undefined ? undefined : { attention, mlp };
    return block(tokens, rest as unknown as BlockTensors, config, kept);
  }, inputs);
}
