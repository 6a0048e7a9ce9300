import { type DecodedSafetensors } from '../safetensors/decode';
import { safetensorsChunks } from '../safetensors/encode';
import { type SafetensorsHeader } from '../safetensors/header';
import { type SafetensorsLimits } from '../safetensors/limits';
import { openSafetensors, type RandomAccessSource, SafetensorsReader } from '../safetensors/reader';
import { type NamedTensor } from '../safetensors/tensor';
import { FileSource } from './file-source';
import { writeFileAtomic } from './write-file-atomic';

/** A safetensors file open on disk. Close it. */
export class SafetensorsFile extends SafetensorsReader {
  readonly #close: () => Promise<void>;

  constructor(header: SafetensorsHeader, source: RandomAccessSource, close: () => Promise<void>) {
    super(header, source);
    this.#close = close;
  }

  close(): Promise<void> {
    return this.#close();
  }
}

/**
 * Opens the file and checks its header; tensors are read when asked for.
 *
 * @throws FileError, SafetensorsError: see docs/errors/core.md.
 */
export async function openSafetensorsFile(path: string, limits: SafetensorsLimits = {}): Promise<SafetensorsFile> {
  const source = await FileSource.open(path);
  try {
    const { header } = await openSafetensors(source, limits);
    return new SafetensorsFile(header, source, () => source.close());
  } catch (cause) {
    await source.close();
    throw cause;
  }
}

/** Reads every tensor of the file, each into memory of its own. @throws as `openSafetensorsFile`. */
export async function readSafetensorsFile(path: string, limits: SafetensorsLimits = {}): Promise<DecodedSafetensors> {
  const file = await openSafetensorsFile(path, limits);
  try {
    const tensors = new Map<string, NamedTensor>();
    for (const name of file.names) tensors.set(name, await file.readTensor(name));
    return { tensors, metadata: file.metadata };
  } finally {
    await file.close();
  }
}

/** Writes the tensors atomically (`writeFileAtomic`) without building the file in memory. */
export async function writeSafetensorsFile(
  path: string,
  tensors: Iterable<NamedTensor>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  await writeFileAtomic(path, safetensorsChunks(tensors, metadata).chunks);
}
