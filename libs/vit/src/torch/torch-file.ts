import { type NamedTensor, type RandomAccessSource } from '@fedistl/core';
import { TorchFileError } from '../vit.errors';
import { contiguousBytes, spanOf } from './contiguous';
import { elementsOf } from './dtype-bytes';
import { type PickleValue } from './pickle-values';
import { isLegacyFile, openLegacyFile } from './torch-legacy-file';
import { type TorchStorage, type TorchTensor } from './torch-values';
import { isZipFile, openZipFile } from './torch-zip-file';

/** Where a storage's bytes come from. */
export type StorageReader = (storage: TorchStorage, start: number, length: number) => Promise<Uint8Array>;

/** What the two file formats have in common. */
export interface TorchContents {
  readonly format: 'zip' | 'legacy';
  readonly root: PickleValue;
  readonly readStorage: StorageReader;
}

export interface TorchFileOptions {
  /** Class names to keep as inert records beside the allow-list, for files with foreign objects in them. */
  readonly inertNames?: readonly string[] | undefined;
}

/** A file of `torch.save`, opened: its object tree as plain data; tensors are read when asked for. */
export interface TorchFile {
  readonly format: TorchContents['format'];
  readonly root: PickleValue;
  /** Row-major values of a tensor; reads its part of the file only. */
  readonly readTensor: (name: string, tensor: TorchTensor) => Promise<NamedTensor>;
}

/**
 * Opens a PyTorch file: the zip archives of PyTorch 1.6 and later, or the plain pickles before. Nothing in it is executed.
 *
 * @throws TorchFileError `TORCH.FORMAT` for another kind of file, else as the zip and pickle readers
 */
export async function openTorchFile(source: RandomAccessSource, options: TorchFileOptions = {}): Promise<TorchFile> {
  const { format, root, readStorage } = await openContents(source, options);
  return {
    format,
    root,
    readTensor: async (name, tensor) => {
      const { start, length } = spanOf(tensor);
      const span = length === 0 ? new Uint8Array(0) : await readStorage(tensor.storage, start, length);
      return {
        name,
        dtype: tensor.dtype,
        shape: tensor.shape,
        data: elementsOf(tensor.dtype, contiguousBytes(tensor, span)),
      };
    },
  };
}

async function openContents(source: RandomAccessSource, options: TorchFileOptions): Promise<TorchContents> {
  const head = await source.read(0, Math.min(16, source.size));
  if (isZipFile(head)) return openZipFile(source, options.inertNames);
  if (isLegacyFile(head)) return openLegacyFile(source, options.inertNames);
  throw new TorchFileError('TORCH.FORMAT', 'expected a file of torch.save (a zip archive or a pickle), got neither');
}
