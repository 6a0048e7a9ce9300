import path from 'node:path';

import { PixelCacheReader } from './cache/pixel-cache-reader';
import { type PixelSpec, pixelSpecText } from './cache/pixel-spec';
import { dataSetPaths, type DataSetPaths } from './data-directory';
import { DatasetError } from './dataset.errors';
import { ImageSelection } from './image-selection';
import { type LabelVocabulary } from './labels/label-vocabulary';
import { resolvePositive } from './labels/positive-class';
import { type CacheEntry, CacheTable } from './store/cache-table';
import { IndexDatabase } from './store/index-database';
import { readSettings } from './store/settings';
import { type ImageFilter, selectImages } from './store/select-images';
import { type DataSetSummary, summarise } from './store/summary';
import { readVocabulary } from './store/vocabulary';

export interface OpenDataSetOptions {
  readonly dataDirectory: string;
  readonly name: string;
  /** Which pixels, when the set has several caches: for instance `{ size: 64 }`. Default: the first one made. */
  readonly pixels?: Partial<PixelSpec>;
  /** Class or finding that is label 1; default the one chosen at import. */
  readonly positive?: string;
}

/** A data set open for reading, as the trainer and the evaluator use it. Other processes may import into it meanwhile. */
export class DataSet {
  readonly name: string;
  readonly pixels: PixelSpec;
  readonly #index: IndexDatabase;
  readonly #reader: PixelCacheReader;
  readonly #cacheId: number;
  readonly #positive: string | null;

  private constructor(
    name: string,
    index: IndexDatabase,
    cache: CacheEntry,
    reader: PixelCacheReader,
    positive: string | null,
  ) {
    this.name = name;
    this.pixels = cache.spec;
    this.#index = index;
    this.#cacheId = cache.id;
    this.#reader = reader;
    this.#positive = positive;
  }

  /**
   * @throws DatasetError `DATASET.NOT_FOUND`, `DATASET.INCOMPLETE` (a first import was interrupted), `DATASET.CACHE_MISSING`
   *   (no such pixels, or some images lack theirs), `DATASET.POSITIVE_UNKNOWN`.
   */
  static open(options: OpenDataSetOptions): DataSet {
    const paths = dataSetPaths(options.dataDirectory, options.name);
    const index = IndexDatabase.openExisting(paths.index, options.name);
    try {
      return DataSet.#open(index, paths, options);
    } catch (error) {
      index.close();
      throw error;
    }
  }

  static #open(index: IndexDatabase, paths: DataSetPaths, options: OpenDataSetOptions): DataSet {
    if (index.get("SELECT value FROM setting WHERE key = 'state'")?.['value'] !== 'complete') {
      throw new DatasetError(
        'DATASET.INCOMPLETE',
        `the first import of data set ${options.name} did not end: run it again`,
      );
    }
    const cache = chooseCache(index, options);
    const missing = Number(
      index.get(
        `SELECT count(*) AS n FROM image LEFT JOIN cache_record ON cache_id = ? AND cache_record.content_sha256 = image.content_sha256
         WHERE reason IS NULL AND coalesce(valid, 0) = 0`,
        cache.id,
      )?.['n'],
    );
    if (missing > 0) {
      throw new DatasetError(
        'DATASET.CACHE_MISSING',
        `${missing} images of data set ${options.name} have no pixels in the cache ${pixelSpecText(cache.spec)}: import the source again`,
      );
    }
    const wanted = options.positive ?? readSettings(index)?.positive ?? null;
    const positive = wanted === null ? null : resolvePositive(wanted, readVocabulary(index)).name;
    return new DataSet(
      options.name,
      index,
      cache,
      PixelCacheReader.open(path.join(paths.directory, cache.file)),
      positive,
    );
  }

  /** Name of the class or finding that is label 1, or null. */
  get positive(): string | null {
    return this.#positive;
  }

  /** Names that `positive` could be. */
  vocabulary(): LabelVocabulary {
    return readVocabulary(this.#index);
  }

  summary(): DataSetSummary {
    return summarise(this.#index, this.name);
  }

  /**
   * Usable images that match, in the order of their ids.
   *
   * @throws DatasetError `DATASET.POSITIVE_REQUIRED` when labels are asked for and no class is the positive one.
   */
  select(filter: ImageFilter = {}): ImageSelection {
    if (filter.label !== undefined && this.#positive === null) {
      throw new DatasetError(
        'DATASET.POSITIVE_REQUIRED',
        `data set ${this.name} has several labels: say which one is positive`,
      );
    }
    const items = selectImages(this.#index, { cacheId: this.#cacheId, positive: this.#positive }, filter);
    return new ImageSelection(items, this.#reader);
  }

  close(): void {
    this.#reader.close();
    this.#index.close();
  }
}

function chooseCache(index: IndexDatabase, { name, pixels = {} }: OpenDataSetOptions): CacheEntry {
  const caches = new CacheTable(index).list();
  const cache = caches.find(({ spec }) =>
    Object.entries(pixels).every(([key, value]) => spec[key as keyof PixelSpec] === value),
  );
  if (cache !== undefined) return cache;
  const available = caches.map(({ spec }) => pixelSpecText(spec)).join(', ');
  throw new DatasetError(
    'DATASET.CACHE_MISSING',
    `data set ${name} has pixels ${available || 'of no kind'}, none with ${JSON.stringify(pixels)}: import the source again with those settings`,
  );
}
