import { tf } from '@fedistl/compute';
import { type VitConfig } from '../config/vit-config';
import { VitError } from '../vit.errors';
import { backboneFeatures } from './backbone';
import { classHead, dinoHead } from './heads';
import { type ParameterTensors } from './network-parameters';

export interface MultiCropOptions {
  /** One keep mask [depth * 2, rows] a group of equal-sized crops (`groupCrops`); none for teacher and evaluation. */
  readonly keepMasks?: readonly tf.Tensor[];
  readonly rematerialise?: boolean;
}

export interface MultiCropOutput {
  /** [V * B, D], crop by crop. */
  readonly features: tf.Tensor;
  /** [V * B, K], crop by crop. */
  readonly dinoLogits: tf.Tensor;
  /** [V1 * B, findings] of the first group's V1 crops only (the global views). */
  readonly classLogits: tf.Tensor;
}

/** A run of consecutive crops of one size, `rows` images in all. */
export interface CropGroup {
  readonly first: number;
  readonly crops: number;
  readonly rows: number;
}

/**
 * Runs of consecutive equal shapes, in order.
 *
 * @param shapes [B, C, H, W] of each crop
 */
export function groupCrops(shapes: readonly (readonly number[])[]): readonly CropGroup[] {
  const groups: { first: number; crops: number; rows: number }[] = [];
  shapes.forEach((shape, index) => {
    const before = shapes[index - 1];
    const group = groups.at(-1);
    const rows = shape[0] ?? 0;
    if (group !== undefined && before?.slice(1).join() === shape.slice(1).join()) {
      group.crops += 1;
      group.rows += rows;
    } else {
      groups.push({ first: index, crops: 1, rows });
    }
  });
  return groups;
}

/**
 * All crops through backbone and heads: one backbone pass a size (distl.md 1.2, "multi-crop wrapper").
 *
 * @param crops each [B, C, H, W]; equal sizes next to each other, global views first
 * @throws VitError `VIT.CROPS_EMPTY`, `VIT.MASK_COUNT` when there are masks, but not one a group
 */
export function forwardMultiCrop(
  parameters: ParameterTensors,
  config: VitConfig,
  crops: readonly tf.Tensor[],
  options: MultiCropOptions = {},
): MultiCropOutput {
  const groups = groupCrops(crops.map(({ shape }) => shape));
  const { keepMasks } = options;
  if (groups.length === 0) throw new VitError('VIT.CROPS_EMPTY', 'expected at least one crop, got none');
  if (keepMasks !== undefined && keepMasks.length !== groups.length) {
    throw new VitError(
      'VIT.MASK_COUNT',
      `expected a keep mask for each of the ${groups.length} crop sizes, got ${keepMasks.length}`,
      { details: { groups: groups.length, masks: keepMasks.length } },
    );
  }
  const features = groups.map(({ first, crops: count }, index) =>
    backboneFeatures(parameters, config, joined(crops.slice(first, first + count)), {
      keepMask: keepMasks?.[index],
      rematerialise: options.rematerialise,
    }),
  );
  const all = joined(features);
  return {
    features: all,
    dinoLogits: dinoHead(parameters, all),
    classLogits: classHead(parameters, features[0] ?? all),
  };
}

/**
 * Class logits of a batch: what evaluation and inference run.
 *
 * @param images [B, C, H, W]
 * @returns [B, findings]
 */
export function forwardClass(
  parameters: ParameterTensors,
  config: VitConfig,
  images: tf.Tensor,
  options: { readonly keepMask?: tf.Tensor; readonly rematerialise?: boolean } = {},
): tf.Tensor {
  return classHead(parameters, backboneFeatures(parameters, config, images, options));
}

function joined(parts: readonly tf.Tensor[]): tf.Tensor {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : tf.concat([...parts], 0);
}
