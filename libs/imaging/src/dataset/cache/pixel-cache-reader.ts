import { closeSync, openSync, readSync } from 'node:fs';

import { DatasetError } from '../dataset.errors';
import {
  CACHE_HEADER_BYTES,
  decodeCacheHeader,
  pixelBytes,
  RECORD_HEADER_BYTES,
  recordFault,
  recordOffset,
  recordStride,
} from './pixel-cache-format';
import { type PixelSpec } from './pixel-spec';

/** Longest run of neighbouring records fetched with one read, bytes. */
const RUN_BYTES = 4 << 20;

/** Which record to read, and whose pixels must be in it. */
export interface CacheSlot {
  readonly slot: number;
  readonly contentSha256: string;
}

/**
 * Reads records by position from one open file: an epoch over any number of images opens nothing.
 *
 * A record's checksum is verified the first time it is read; the page cache serves it from then on, and a training run
 * does not pay for the check again.
 */
export class PixelCacheReader {
  readonly spec: PixelSpec;
  readonly #descriptor: number;
  readonly #stride: number;
  readonly #run: Buffer;
  readonly #verified = new Set<number>();

  private constructor(descriptor: number, spec: PixelSpec) {
    this.#descriptor = descriptor;
    this.spec = spec;
    this.#stride = recordStride(spec);
    this.#run = Buffer.allocUnsafeSlow(Math.max(1, Math.floor(RUN_BYTES / this.#stride)) * this.#stride);
  }

  /** @throws DatasetError `DATASET.CACHE_FORMAT`, `DATASET.CACHE_MISSING`. */
  static open(file: string): PixelCacheReader {
    let descriptor: number;
    try {
      descriptor = openSync(file, 'r');
    } catch (error) {
      throw new DatasetError(
        'DATASET.CACHE_MISSING',
        'the pixel cache file is not there: import the source again to rebuild it',
        { cause: error },
      );
    }
    try {
      const header = Buffer.alloc(CACHE_HEADER_BYTES);
      const bytes = readSync(descriptor, header, 0, CACHE_HEADER_BYTES, 0);
      return new PixelCacheReader(descriptor, decodeCacheHeader(header.subarray(0, bytes)));
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** Bytes of one image. */
  get imageBytes(): number {
    return pixelBytes(this.spec);
  }

  /**
   * Copies the pixels of `slots`, in that order, into `out`: [slots.length, size, size], little endian. Neighbouring slots
   * are fetched in one read; the same slot may occur several times.
   *
   * @throws DatasetError `DATASET.CACHE_CHECKSUM`, `DATASET.RANGE` when `out` has another length.
   */
  read(slots: readonly CacheSlot[], out: Uint8Array): void {
    if (out.byteLength !== slots.length * this.imageBytes) {
      throw new DatasetError(
        'DATASET.RANGE',
        `expected room for ${slots.length * this.imageBytes} bytes of pixels, got ${out.byteLength}`,
      );
    }
    const order = slots
      .map((wanted, position) => ({ wanted, position }))
      .sort((left, right) => left.wanted.slot - right.wanted.slot);
    const longest = this.#run.length / this.#stride;
    for (let start = 0; start < order.length;) {
      const first = order[start]?.wanted.slot ?? 0;
      let end = start + 1;
      let last = first;
      for (; end < order.length; end += 1) {
        const slot = order[end]?.wanted.slot ?? 0;
        if (slot > last + 1 || slot - first >= longest) break;
        last = slot;
      }
      const run = this.#readRun(first, last - first + 1);
      for (const { wanted, position } of order.slice(start, end))
        this.#copy(wanted, run.subarray((wanted.slot - first) * this.#stride), position, out);
      start = end;
    }
  }

  /** What is wrong with a record, or null. Always reads from the file. */
  fault(wanted: CacheSlot): string | null {
    const record = this.#readRun(wanted.slot, 1);
    return recordFault(this.spec, wanted.slot, wanted.contentSha256, record.subarray(0, this.#stride));
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #readRun(slot: number, records: number): Buffer {
    const bytes = readSync(this.#descriptor, this.#run, 0, records * this.#stride, recordOffset(this.spec, slot));
    return this.#run.subarray(0, bytes);
  }

  #copy(wanted: CacheSlot, record: Buffer, position: number, out: Uint8Array): void {
    const end = RECORD_HEADER_BYTES + this.imageBytes;
    if (!this.#verified.has(wanted.slot) || record.length < end) {
      const fault = recordFault(this.spec, wanted.slot, wanted.contentSha256, record.subarray(0, this.#stride));
      if (fault !== null) {
        throw new DatasetError(
          'DATASET.CACHE_CHECKSUM',
          `record ${wanted.slot} of the pixel cache ${fault}: run 'fedistl dataset check --repair', then import again`,
        );
      }
      this.#verified.add(wanted.slot);
    }
    out.set(record.subarray(RECORD_HEADER_BYTES, end), position * this.imageBytes);
  }
}
