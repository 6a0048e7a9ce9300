import { type NamedTensor } from '@fedistl/core';
import { rowMajorStrides } from './contiguous';
import { PickleWriter } from './pickle-writer';
import { type ZipContent, zipParts } from './zip-writer';

/** A state dict: tensors by name, in order. */
export type TorchStateDict = ReadonlyMap<string, NamedTensor>;

/** What a written file holds: one state dict, or several by key (`student`, `teacher`). */
export type TorchDocument = TorchStateDict | Readonly<Record<string, TorchStateDict>>;

/**
 * A file that `torch.load` reads (the zip format of PyTorch 1.6 and later), part by part. Tensors that share their data array
 * share their storage in the file too.
 *
 * @throws TorchFileError `TORCH.ZIP_LIMIT` for 4 GiB or more
 */
export function torchFileParts(document: TorchDocument): Generator<Uint8Array> {
  const storages = new Map<NamedTensor['data'], string>();
  const pickle = new PickleWriter();
  const write = (tensors: TorchStateDict) => {
    pickle.orderedDict(
      [...tensors].map(
        ([name, tensor]) =>
          [
            name,
            () => {
              writeTensor(pickle, storages, tensor);
            },
          ] as const,
      ),
    );
  };
  if (isStateDict(document)) write(document);
  else
    pickle.dict(
      Object.entries(document).map(
        ([key, tensors]) =>
          [
            key,
            () => {
              write(tensors);
            },
          ] as const,
      ),
    );
  return zipParts(contents(pickle.bytes(), storages));
}

function writeTensor(pickle: PickleWriter, storages: Map<NamedTensor['data'], string>, tensor: NamedTensor): void {
  const key = storages.get(tensor.data) ?? String(storages.size);
  storages.set(tensor.data, key);
  pickle.tensor(key, { dtype: tensor.dtype, shape: tensor.shape, strides: rowMajorStrides(tensor.shape) });
}

function* contents(pickle: Uint8Array, storages: ReadonlyMap<NamedTensor['data'], string>): Generator<ZipContent> {
  yield { name: 'archive/data.pkl', bytes: pickle };
  yield { name: 'archive/byteorder', bytes: Buffer.from('little') };
  for (const [data, key] of storages) {
    yield { name: `archive/data/${key}`, bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
  }
  yield { name: 'archive/version', bytes: Buffer.from('3\n') };
}

function isStateDict(document: TorchDocument): document is TorchStateDict {
  return document instanceof Map;
}
