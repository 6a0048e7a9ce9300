import { DomainError } from '@fedistl/core';
import { type VitConfig } from '../config/vit-config';
import { type TorchFileOptions } from '../torch/torch-file';
import { type CheckpointLayout, nameCheckpoint } from './checkpoint-names';
import { inferVitConfig } from './infer-config';
import { storedConfig } from './vit-safetensors';
import { type WeightFile, withWeightFile } from './weight-file';
import { type WeightSource } from './weight-source';

/** One tensor of a file. */
export interface InspectedTensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** One group of tensors of a file. */
export interface InspectedGroup {
  readonly key: string;
  /** The family of names; null for a group that is no vision transformer (DINO's centre). */
  readonly layout: CheckpointLayout | null;
  /** The model that file or shapes tell; null where they do not. */
  readonly config: VitConfig | null;
  /** Why there is no model, as `CODE: message`. */
  readonly problem: string | null;
  readonly values: number;
  readonly tensors: readonly InspectedTensor[];
}

export interface InspectedFile {
  readonly format: WeightFile['format'];
  readonly metadata: Readonly<Record<string, string>>;
  readonly groups: readonly InspectedGroup[];
}

/** What a weight file holds, without reading a value of it. Errors as `withWeightFile`. */
export function inspectWeights(path: string, options: TorchFileOptions = {}): Promise<InspectedFile> {
  return withWeightFile(path, options, (file) =>
    Promise.resolve({
      format: file.format,
      metadata: file.metadata,
      groups: [...file.groups].map(([key, source]) => inspectGroup(key, source, file.metadata)),
    }),
  );
}

function inspectGroup(key: string, source: WeightSource, metadata: WeightFile['metadata']): InspectedGroup {
  const tensors = [...source.entries].map(([name, { dtype, shape }]) => ({ name, dtype, shape: [...shape] }));
  const values = tensors.reduce((sum, { shape }) => sum + shape.reduce((product, side) => product * side, 1), 0);
  const isNetwork = tensors.some(({ name }) => name.endsWith('patch_embed.proj.weight'));
  return { key, values, tensors, ...(isNetwork ? describeNetwork(source, metadata) : noNetwork) };
}

const noNetwork = { layout: null, config: null, problem: null } as const;

function describeNetwork(
  source: WeightSource,
  metadata: WeightFile['metadata'],
): Pick<InspectedGroup, 'layout' | 'config' | 'problem'> {
  let layout: CheckpointLayout | null = null;
  try {
    const checkpoint = nameCheckpoint(source);
    layout = checkpoint.layout;
    return { layout, config: storedConfig(metadata) ?? inferVitConfig(checkpoint), problem: null };
  } catch (error) {
    // Inspecting is for finding out what is wrong with a file: the reason is a result here.
    if (error instanceof DomainError) return { layout, config: null, problem: `${error.code}: ${error.message}` };
    throw error;
  }
}
