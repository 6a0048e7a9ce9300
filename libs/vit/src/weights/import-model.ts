import { createRng } from '@fedistl/core';
import { vitPreset } from '../config/presets';
import { type VitConfig } from '../config/vit-config';
import { type CheckpointLayout, type NamedCheckpoint, nameCheckpoint } from './checkpoint-names';
import { chooseNetwork } from './choose-network';
import { inferVitConfig } from './infer-config';
import { loadWeights } from './load-weights';
import { storedConfig, type VitWeights } from './vit-safetensors';
import { type WeightFile, withWeightFile } from './weight-file';
import { type WeightSource } from './weight-source';

export interface ImportOptions {
  /** The model to fit the weights to; told from the file's shapes when absent. */
  readonly preset?: string | undefined;
  /** Which network of a checkpoint: `student` (the default, DISTL's evaluated model), `teacher`, another key. */
  readonly network?: string | undefined;
  /** Channels of the model's input; those of preset or file when absent. */
  readonly channels?: 1 | 3 | undefined;
  /** Attention heads, where neither preset nor width tell. */
  readonly numHeads?: number | undefined;
  /** Starts both heads anew even if the file has them. */
  readonly newHeads?: boolean | undefined;
  /** Seed of heads that start anew. */
  readonly seed?: number | undefined;
  /** Names of tensors that may be left out of the file's, as prefixes. */
  readonly allowExtra?: readonly string[] | undefined;
  /** Class names to keep as inert records beside the reader's allow-list. */
  readonly inertNames?: readonly string[] | undefined;
}

/** What an import did, for people and for `--json`. */
export interface ImportReport {
  readonly format: WeightFile['format'];
  readonly layout: CheckpointLayout;
  /** Key of the network in the file; empty when the file is one network. */
  readonly network: string;
  readonly tensors: number;
  readonly values: number;
  /** Tensors that the file lacks and that got starting values. */
  readonly initialised: readonly string[];
  /** Tensors of the file that were left out. */
  readonly ignored: readonly string[];
}

export interface ImportedModel {
  readonly model: VitWeights;
  readonly report: ImportReport;
}

const heads = ['head.', 'cls_head.'];

/**
 * Reads a model from a checkpoint of DISTL, DINO, timm or this library. A head that the file lacks as a whole starts anew;
 * anything else that does not fit is refused.
 *
 * @throws as `withWeightFile`, `chooseNetwork`, `inferVitConfig`, `loadWeights`
 */
export async function importModel(path: string, options: ImportOptions = {}): Promise<ImportedModel> {
  return withWeightFile(path, { inertNames: options.inertNames }, async (file) => {
    const chosen = chooseNetwork(file, options.network);
    const source = options.newHeads === true ? withoutHeads(chosen.source) : chosen.source;
    const checkpoint = nameCheckpoint(source);
    const config = modelOf(checkpoint, storedConfig(file.metadata), options);
    const loaded = await loadWeights(source, config, {
      allowed: { missing: heads.filter((head) => !hasAny(checkpoint, head)), extra: options.allowExtra },
      rng: createRng(options.seed ?? 0),
    });
    const values = [...loaded.values.values()].reduce((sum, { length }) => sum + length, 0);
    return {
      model: { config, values: loaded.values },
      report: {
        format: file.format,
        layout: nameCheckpoint(chosen.source).layout,
        network: chosen.key,
        tensors: loaded.values.size,
        values,
        initialised: loaded.initialised,
        ignored: [...[...chosen.source.entries.keys()].filter((name) => !source.entries.has(name)), ...loaded.ignored],
      },
    };
  });
}

/** The description: a preset with the file's own head sizes, else the file's own, else what its shapes tell. */
function modelOf(checkpoint: NamedCheckpoint, stored: VitConfig | undefined, options: ImportOptions): VitConfig {
  const { preset, channels, numHeads } = options;
  if (preset === undefined) {
    const config = stored ?? inferVitConfig(checkpoint, { numHeads });
    return channels === undefined ? config : { ...config, inChannels: channels };
  }
  const prototypes = checkpoint.tensors.get('head.last_layer.weight_v')?.entry.shape[0];
  const findings = checkpoint.tensors.get('cls_head.mlp.4.weight')?.entry.shape[0];
  return vitPreset(preset, {
    ...(channels === undefined ? {} : { inChannels: channels }),
    ...(prototypes === undefined ? {} : { prototypes }),
    ...(findings === undefined ? {} : { findings }),
  });
}

function hasAny({ tensors }: NamedCheckpoint, prefix: string): boolean {
  return [...tensors.keys()].some((name) => name.startsWith(prefix));
}

function withoutHeads(source: WeightSource): WeightSource {
  const dropped = new Set<string>();
  for (const [name, { fileName }] of nameCheckpoint(source).tensors) {
    if (heads.some((head) => name.startsWith(head))) dropped.add(fileName);
  }
  return { ...source, entries: new Map([...source.entries].filter(([fileName]) => !dropped.has(fileName))) };
}
