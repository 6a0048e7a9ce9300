import { type RandomAccessSource } from '@fedistl/core';
import { TorchFileError } from '../vit.errors';
import { dtypeBytes } from './dtype-bytes';
import { wrongValue } from './pickle.errors';
import { PickleGlobal, PickleTuple, type PickleValue } from './pickle-values';
import { type TorchContents } from './torch-file';
import { storageDtypes, torchBuilders } from './torch-globals';
import { TorchStorage } from './torch-values';
import { unpickle } from './unpickler';
import { ZipArchive } from './zip-archive';
import { type ZipEntry } from './zip-directory';

/** The pickle of a checkpoint holds names and shapes only: some 100 KB, whatever the model. */
export const maxPickleBytes = 16 * 2 ** 20;

/** Whether a file starts like a zip archive. */
export function isZipFile(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && head[2] === 0x03 && head[3] === 0x04;
}

/** The format of PyTorch 1.6 and later: `NAME/data.pkl`, and `NAME/data/KEY` for each storage. */
export async function openZipFile(
  source: RandomAccessSource,
  inertNames: readonly string[] = [],
): Promise<TorchContents> {
  const archive = await ZipArchive.open(source);
  const pickle = pickleEntry(archive);
  const folder = pickle.name.slice(0, -'data.pkl'.length);
  await checkByteOrder(archive, `${folder}byteorder`);
  const builders = torchBuilders(inertNames);
  const { value } = unpickle(await archive.read(pickle, 0, pickle.size), {
    builderOf: (name) => builders.get(name),
    persistent: readStorageId,
  });
  return {
    format: 'zip',
    root: value,
    readStorage: (storage, start, length) => archive.read(storageEntry(archive, folder, storage), start, length),
  };
}

function pickleEntry(archive: ZipArchive): ZipEntry {
  const found = [...archive.entries.values()].filter(({ name }) => /^[^/]+\/data\.pkl$/.test(name));
  const [entry] = found;
  if (entry === undefined || found.length > 1) {
    throw new TorchFileError('TORCH.FORMAT', `expected an archive with one NAME/data.pkl, got ${found.length}`);
  }
  if (entry.size > maxPickleBytes) {
    throw new TorchFileError(
      'TORCH.ZIP_LIMIT',
      `expected a pickle of at most ${maxPickleBytes} bytes, got ${entry.size}`,
    );
  }
  return entry;
}

/** Newer files name their byte order; older ones are of the machine that wrote them, in practice little-endian. */
async function checkByteOrder(archive: ZipArchive, name: string): Promise<void> {
  const entry = archive.entries.get(name);
  if (entry === undefined) return;
  const order = Buffer.from(await archive.read(entry, 0, Math.min(entry.size, 16))).toString('latin1');
  if (order !== 'little') {
    throw new TorchFileError('TORCH.BYTE_ORDER', 'expected a file written on a little-endian machine, got another');
  }
}

function storageEntry(archive: ZipArchive, folder: string, { key, dtype, elements }: TorchStorage): ZipEntry {
  const entry = archive.entries.get(`${folder}data/${key}`);
  const expected = elements * dtypeBytes(dtype);
  if (entry?.size !== expected) {
    throw new TorchFileError(
      'TORCH.STORAGE_MISSING',
      `expected ${expected} bytes in archive entry data/${key.slice(0, 40)}, got ${entry?.size ?? 'no such entry'}`,
      { details: { expected } },
    );
  }
  return entry;
}

/** ('storage', storage class, key, device, elements) and, in older files, a view that must be None. */
export function readStorageId(id: PickleValue): TorchStorage {
  if (!(id instanceof PickleTuple)) throw wrongValue('the tuple of a storage', id);
  const [tag, type, key, , elements, view] = id.items;
  const dtype = type instanceof PickleGlobal ? storageDtypes.get(type.name) : undefined;
  if (tag !== 'storage' || dtype === undefined || typeof key !== 'string') throw wrongValue('a storage id', id);
  if (typeof elements !== 'number' || !Number.isSafeInteger(elements) || elements < 0) {
    throw wrongValue('a number of elements', elements);
  }
  if (view !== undefined && view !== null) throw wrongValue('a storage that is no view of another', view);
  return new TorchStorage(key, dtype, elements);
}
