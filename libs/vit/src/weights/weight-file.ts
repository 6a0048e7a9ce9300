import { openSafetensors, type RandomAccessSource } from '@fedistl/core';
import { FileSource } from '@fedistl/core/node';
import { PickleDict, type PickleValue } from '../torch/pickle-values';
import { openTorchFile, type TorchFile, type TorchFileOptions } from '../torch/torch-file';
import { TorchTensor } from '../torch/torch-values';
import { isZipFile } from '../torch/torch-zip-file';
import { isLegacyFile } from '../torch/torch-legacy-file';
import { WeightsError } from '../vit.errors';
import { type WeightSource } from './weight-source';

/** A file of weights: safetensors, or PyTorch's with one or more networks in it. */
export interface WeightFile {
  readonly format: 'safetensors' | 'torch-zip' | 'torch-legacy';
  /**
   * Groups of tensors by the key that holds them (`student`, `teacher`, `state_dict`, also `dino_loss`); the key is empty
   * where the file itself is the group.
   */
  readonly groups: ReadonlyMap<string, WeightSource>;
  /** Free text of a safetensors header; empty for PyTorch files. */
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Opens weights of any of the formats, told apart by their first bytes.
 *
 * @throws WeightsError `WEIGHTS.EMPTY` when the file holds no tensor; SafetensorsError, TorchFileError for broken files
 */
export async function readWeightFile(source: RandomAccessSource, options: TorchFileOptions = {}): Promise<WeightFile> {
  const head = await source.read(0, Math.min(16, source.size));
  const isTorch = isZipFile(head) || isLegacyFile(head);
  const file = isTorch ? fromTorch(await openTorchFile(source, options)) : await fromSafetensors(source);
  if (file.groups.size === 0) {
    throw new WeightsError('WEIGHTS.EMPTY', 'expected tensors by name in the file, or in dicts at its top, got none');
  }
  return file;
}

/** Opens the file at `path`, hands it to `use`, and closes it whatever happens. Errors as `readWeightFile`, and FileError. */
export async function withWeightFile<Result>(
  path: string,
  options: TorchFileOptions,
  use: (file: WeightFile) => Promise<Result>,
): Promise<Result> {
  const source = await FileSource.open(path);
  try {
    return await use(await readWeightFile(source, options));
  } finally {
    await source.close();
  }
}

async function fromSafetensors(source: RandomAccessSource): Promise<WeightFile> {
  const reader = await openSafetensors(source);
  const entries = new Map(reader.names.map((name) => [name, reader.entry(name)]));
  const group: WeightSource = { entries, read: (name) => reader.readTensor(name) };
  return {
    format: 'safetensors',
    groups: new Map(entries.size > 0 ? [['', group]] : []),
    metadata: reader.metadata,
  };
}

function fromTorch(file: TorchFile): WeightFile {
  const groups = new Map<string, WeightSource>();
  addGroup(groups, '', file.root, file);
  if (groups.size === 0 && file.root instanceof PickleDict) {
    for (const [key, value] of file.root.entries) {
      if (typeof key === 'string') addGroup(groups, key, value, file);
    }
  }
  return { format: file.format === 'zip' ? 'torch-zip' : 'torch-legacy', groups, metadata: {} };
}

function addGroup(groups: Map<string, WeightSource>, key: string, value: PickleValue, file: TorchFile): void {
  if (!(value instanceof PickleDict)) return;
  const tensors = new Map<string, TorchTensor>();
  for (const [name, tensor] of value.entries) {
    if (typeof name === 'string' && tensor instanceof TorchTensor) tensors.set(name, tensor);
  }
  if (tensors.size === 0) return;
  groups.set(key, {
    entries: tensors,
    read: (name) => {
      const tensor = tensors.get(name);
      if (tensor !== undefined) return file.readTensor(name, tensor);
      return Promise.reject(new WeightsError('WEIGHTS.MISSING', `the file has no tensor ${name}`));
    },
  });
}
