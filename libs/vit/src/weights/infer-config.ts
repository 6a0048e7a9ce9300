import { parseVitConfig } from '../config/check-config';
import { vitPreset } from '../config/presets';
import { type VitConfig } from '../config/vit-config';
import { WeightsError } from '../vit.errors';
import { type NamedCheckpoint } from './checkpoint-names';

/** Width of a head in every published ViT; a file does not tell how many heads its width is cut into. */
const usualHeadWidth = 64;

export interface InferenceHints {
  readonly numHeads?: number | undefined;
  readonly dropPathRate?: number | undefined;
}

/**
 * The model description that a checkpoint's shapes tell. Heads that the file lacks get the published sizes.
 *
 * @throws WeightsError `WEIGHTS.SHAPE` for shapes that no ViT has, `WEIGHTS.HEADS_UNKNOWN` when the number of attention
 *   heads can only be told by the caller; VitError as `parseVitConfig`
 */
export function inferVitConfig(checkpoint: NamedCheckpoint, hints: InferenceHints = {}): VitConfig {
  const shape = (name: string): readonly number[] => checkpoint.tensors.get(name)?.entry.shape ?? [];
  const [embedDim, inChannels, patchSize, patchWidth] = shape('backbone.patch_embed.proj.weight');
  const rows = shape('backbone.pos_embed')[1];
  if (embedDim === undefined || patchSize === undefined || patchSize !== patchWidth || rows === undefined) {
    throw new WeightsError('WEIGHTS.SHAPE', 'expected a square patch kernel [D, C, p, p] and positions [1, N, D]');
  }
  const grid = Math.sqrt(rows - 1);
  if (!Number.isInteger(grid) || grid === 0) {
    throw new WeightsError('WEIGHTS.SHAPE', `expected positions of a square grid and a class token, got ${rows} rows`, {
      details: { rows },
    });
  }
  const usual = vitPreset('vit-small-8');
  const [hiddenDim = usual.dinoHead.hiddenDim] = shape('head.mlp.0.weight');
  const [outDim = usual.dinoHead.outDim, bottleneckDim = usual.dinoHead.bottleneckDim] =
    shape('head.last_layer.weight_v');
  const [classHiddenDim = usual.classHead.hiddenDim] = shape('cls_head.mlp.0.weight');
  const [findings = usual.classHead.findings] = shape('cls_head.mlp.4.weight');
  return parseVitConfig({
    imageSize: grid * patchSize,
    patchSize,
    inChannels,
    embedDim,
    depth: depthOf(checkpoint),
    numHeads: hints.numHeads ?? headsOf(embedDim),
    mlpRatio: (shape('backbone.blocks.0.mlp.fc1.weight')[0] ?? 4 * embedDim) / embedDim,
    layerNormEps: usual.layerNormEps,
    dropPathRate: hints.dropPathRate ?? usual.dropPathRate,
    dinoHead: { hiddenDim, bottleneckDim, outDim },
    classHead: { hiddenDim: classHiddenDim, findings },
  });
}

function depthOf({ tensors }: NamedCheckpoint): number {
  const indices = [...tensors.keys()].map((name) => Number(/^backbone\.blocks\.(\d{1,4})\./.exec(name)?.[1] ?? -1));
  return indices.reduce((most, index) => Math.max(most, index), -1) + 1;
}

function headsOf(embedDim: number): number {
  if (embedDim % usualHeadWidth === 0) return embedDim / usualHeadWidth;
  throw new WeightsError(
    'WEIGHTS.HEADS_UNKNOWN',
    `the number of attention heads is not in the file, and a width of ${embedDim} is no multiple of ${usualHeadWidth}; name a preset or the heads`,
    { details: { embedDim } },
  );
}
