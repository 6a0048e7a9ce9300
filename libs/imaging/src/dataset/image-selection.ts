import { createRng } from '@fedistl/core';

import { type PixelSource } from '../views/view-pipeline';
import { type PixelCacheReader } from './cache/pixel-cache-reader';
import { DatasetError } from './dataset.errors';
import { type Split } from './labels/image-labels';

export type Attributes = Readonly<Record<string, string | number>>;

/** One selected image. */
export interface DataSetItem {
  /** Row in the index; stable for the life of the set. */
  readonly id: number;
  readonly slot: number;
  readonly contentSha256: string;
  readonly label: 0 | 1 | null;
  /** Keyed pseudonym; null when the source names no patient. */
  readonly patient: string | null;
  readonly split: Split;
  /** 0 = labelled set, 1.. = unlabelled folds; null outside training. */
  readonly fold: number | null;
  /** View position as the header or the labels table says, in known words. */
  readonly view: string | null;
  /** 'YYYY-MM-DD[THH:MM:SS]' */
  readonly acquiredAt: string | null;
  /** Site, age, sex and what else the labels table gave; shared between equal images. */
  readonly attributes: Attributes;
}

/**
 * Images chosen from a data set, with their pixels. Index i always means the same image: the list is sorted by id.
 *
 * Keeps some tens of bytes per image in memory and no pixels.
 */
export class ImageSelection {
  readonly items: readonly DataSetItem[];
  readonly #reader: PixelCacheReader;

  constructor(items: readonly DataSetItem[], reader: PixelCacheReader) {
    this.items = items;
    this.#reader = reader;
  }

  get length(): number {
    return this.items.length;
  }

  /** Width and height of the square images, px. */
  get imageSize(): number {
    return this.#reader.spec.size;
  }

  /** 8: one byte a pixel; 16: two, little endian. */
  get bits(): 8 | 16 {
    return this.#reader.spec.bits;
  }

  /** Bytes of one image in `readPixels`' output. */
  get imageBytes(): number {
    return this.#reader.imageBytes;
  }

  /** Labels by index: 1, 0, or -1 where unknown. */
  labels(): Int8Array {
    return Int8Array.from(this.items, ({ label }) => label ?? -1);
  }

  /** @throws DatasetError `DATASET.RANGE` */
  item(index: number): DataSetItem {
    const item = this.items[index];
    if (item === undefined)
      throw new DatasetError('DATASET.RANGE', `expected an index from 0 to ${this.length - 1}, got ${index}`);
    return item;
  }

  /**
   * Copies pixels of the images at `indices`, in that order, into `out`, shape [indices.length, size, size]; 16-bit pixels
   * as little-endian bytes. `out` may be a view on shared memory. Synchronous: from the page cache this takes tens of
   * microseconds an image, less than handing the work to another thread.
   *
   * @throws DatasetError `DATASET.RANGE`, `DATASET.CACHE_CHECKSUM`.
   */
  readPixels(indices: ArrayLike<number>, out: Uint8Array): void {
    this.#reader.read(
      Array.from(indices, (index) => this.item(index)),
      out,
    );
  }

  /** These images as the input of a `ViewPipeline`. @throws DatasetError `DATASET.SETTINGS` for 16-bit pixels. */
  viewSource(): PixelSource {
    if (this.bits !== 8)
      throw new DatasetError('DATASET.SETTINGS', 'expected 8-bit pixels for views, got 16 bits: import with 8');
    return {
      width: this.imageSize,
      height: this.imageSize,
      count: this.length,
      id: (index) => this.item(index).contentSha256,
      read: (index, out) => {
        this.readPixels([index], out);
      },
    };
  }

  /** A permutation of all indices, [length], that depends on nothing but `seed`, `epoch` and the number of images. */
  order(seed: number | string, epoch: number): Uint32Array {
    return createRng(seed).stream(`dataset/order/${epoch}`).permutation(this.length);
  }
}
