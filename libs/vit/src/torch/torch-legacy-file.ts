import { type RandomAccessSource } from '@fedistl/core';
import { TorchFileError } from '../vit.errors';
import { dtypeBytes } from './dtype-bytes';
import { wrongValue } from './pickle.errors';
import { PickleList, type PickleValue } from './pickle-values';
import { type TorchContents } from './torch-file';
import { torchBuilders } from './torch-globals';
import { type TorchStorage } from './torch-values';
import { maxPickleBytes, readStorageId } from './torch-zip-file';
import { unpickle } from './unpickler';

/** The number that PyTorch put at the start of its files before 1.6, pickled. */
const magic = 0x1950a86a20f9469cfc6cn;
const magicHead = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
const protocolVersion = 1001;

/** Whether a file starts with the pickled magic number. */
export function isLegacyFile(head: Uint8Array): boolean {
  return magicHead.every((byte, index) => head[index] === byte);
}

/**
 * The format before PyTorch 1.6: five pickles (magic number, version, machine, object, storage keys), then for each key a
 * count of eight bytes and the elements.
 */
export async function openLegacyFile(
  source: RandomAccessSource,
  inertNames: readonly string[] = [],
): Promise<TorchContents> {
  const head = await source.read(0, Math.min(source.size, maxPickleBytes));
  const builders = torchBuilders(inertNames);
  const storages = new Map<string, TorchStorage>();
  let at = 0;
  const next = (): PickleValue => {
    const { value, length } = unpickle(head.subarray(at), {
      builderOf: (name) => builders.get(name),
      persistent: (id) => rememberStorage(storages, readStorageId(id)),
    });
    at += length;
    return value;
  };
  const [number, version] = [next(), next()];
  next(); // sizes and byte order of the machine that wrote the file
  if (number !== magic || version !== protocolVersion) {
    throw new TorchFileError('TORCH.FORMAT', `expected protocol ${protocolVersion} of torch.save, got another`);
  }
  const root = next();
  const keys = next();
  const starts = await storageStarts(source, { keys, storages, at });
  return {
    format: 'legacy',
    root,
    readStorage: async ({ key }, start, length) => {
      const bytes = await source.read((starts.get(key) ?? source.size) + start, length);
      if (bytes.length !== length) throw truncated(key);
      return bytes;
    },
  };
}

function rememberStorage(storages: Map<string, TorchStorage>, storage: TorchStorage): TorchStorage {
  const known = storages.get(storage.key);
  if (known !== undefined && (known.dtype !== storage.dtype || known.elements !== storage.elements)) {
    throw new TorchFileError('TORCH.STORAGE_MISSING', 'one storage is described in two ways');
  }
  storages.set(storage.key, known ?? storage);
  return known ?? storage;
}

interface LegacyTail {
  readonly keys: PickleValue;
  readonly storages: ReadonlyMap<string, TorchStorage>;
  /** Where the pickles end and the storages begin. */
  readonly at: number;
}

async function storageStarts(
  source: RandomAccessSource,
  { keys, storages, at }: LegacyTail,
): Promise<ReadonlyMap<string, number>> {
  if (!(keys instanceof PickleList)) throw wrongValue('a list of storage keys', keys);
  const starts = new Map<string, number>();
  let position = at;
  for (const key of keys.items) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (storage === undefined || starts.has(storage.key)) throw wrongValue('the key of a storage, once', key);
    const count = await source.read(position, 8);
    if (count.length < 8) throw truncated(storage.key);
    const elements = new DataView(count.buffer, count.byteOffset, 8).getBigUint64(0, true);
    if (elements !== BigInt(storage.elements)) {
      throw new TorchFileError(
        'TORCH.STORAGE_MISSING',
        `expected ${storage.elements} values in a storage, its own count says ${String(elements).slice(0, 20)}`,
      );
    }
    starts.set(storage.key, position + 8);
    position += 8 + storage.elements * dtypeBytes(storage.dtype);
    if (position > source.size) throw truncated(storage.key);
  }
  return starts;
}

function truncated(key: string): TorchFileError {
  return new TorchFileError('TORCH.STORAGE_MISSING', `the file ends before the values of storage ${key.slice(0, 40)}`);
}
