import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';

import { DatasetError } from '../dataset.errors';
import {
  CACHE_HEADER_BYTES,
  decodeCacheHeader,
  encodeCacheHeader,
  encodeRecord,
  recordOffset,
} from './pixel-cache-format';
import { type PixelSpec, pixelSpecText } from './pixel-spec';

/**
 * Appends records to a cache file.
 *
 * Order of a safe commit: `write` the batch, `sync`, then tell the index. A crash in between leaves records beyond what
 * the index knows; the next `open` cuts them off, so that the file is always a valid prefix of an undisturbed one.
 */
export class PixelCacheWriter {
  readonly spec: PixelSpec;
  readonly #descriptor: number;

  private constructor(descriptor: number, spec: PixelSpec) {
    this.#descriptor = descriptor;
    this.spec = spec;
  }

  /**
   * Opens or creates the file and cuts it off after `committedRecords`.
   *
   * @returns The writer, and how many whole records the file really had: fewer than committed means that it was cut short
   *   from outside, and the index must forget the rest.
   * @throws DatasetError `DATASET.CACHE_FORMAT` for a file of another layout.
   */
  static open(
    file: string,
    spec: PixelSpec,
    committedRecords: number,
  ): { writer: PixelCacheWriter; wholeRecords: number } {
    if (!existsSync(file)) createCacheFile(file, spec);
    const descriptor = openSync(file, 'r+');
    try {
      const header = Buffer.alloc(CACHE_HEADER_BYTES);
      readSync(descriptor, header, 0, CACHE_HEADER_BYTES, 0);
      const found = decodeCacheHeader(header);
      if (pixelSpecText(found) !== pixelSpecText(spec)) {
        throw new DatasetError(
          'DATASET.CACHE_FORMAT',
          `expected a cache of ${pixelSpecText(spec)}, got ${pixelSpecText(found)}`,
        );
      }
      const stride = recordOffset(spec, 1) - recordOffset(spec, 0);
      const inFile = Math.floor((fstatSync(descriptor).size - CACHE_HEADER_BYTES) / stride);
      const wholeRecords = Math.min(Math.max(inFile, 0), committedRecords);
      ftruncateSync(descriptor, recordOffset(spec, wholeRecords));
      return { writer: new PixelCacheWriter(descriptor, spec), wholeRecords };
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** Writes or rewrites one record; durable after `sync`. @param pixels - little-endian bytes. */
  write(slot: number, contentSha256: string, pixels: Uint8Array): void {
    const record = encodeRecord(this.spec, slot, contentSha256, pixels);
    let written = 0;
    while (written < record.length) {
      written += writeSync(
        this.#descriptor,
        record,
        written,
        record.length - written,
        recordOffset(this.spec, slot) + written,
      );
    }
  }

  sync(): void {
    fdatasyncSync(this.#descriptor);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** The header goes to a file of another name first: a cache without a whole header never exists. */
function createCacheFile(file: string, spec: PixelSpec): void {
  const draft = `${file}.new`;
  const descriptor = openSync(draft, 'w', 0o600);
  try {
    writeSync(descriptor, encodeCacheHeader(spec));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(draft, file);
  syncDirectory(path.dirname(file));
}

/** Makes the rename itself durable; Windows cannot open a folder and does not need it. */
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
