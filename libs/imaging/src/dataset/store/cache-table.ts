import { parsePixelSpec, type PixelSpec, pixelSpecText } from '../cache/pixel-spec';
import { type IndexDatabase } from './index-database';

/** A cache file that a set has. */
export interface CacheEntry {
  readonly id: number;
  readonly spec: PixelSpec;
  /** File name inside the set's folder. */
  readonly file: string;
}

export interface CacheRecord {
  readonly slot: number;
  readonly isValid: boolean;
}

/** Which caches a set has, and in which slot of each the pixels of a content lie. */
export class CacheTable {
  readonly #index: IndexDatabase;

  constructor(index: IndexDatabase) {
    this.#index = index;
  }

  /** Caches in the order in which they were made. */
  list(): CacheEntry[] {
    return this.#index
      .all('SELECT id, spec, file FROM pixel_cache ORDER BY id')
      .map((row) => ({ id: Number(row['id']), spec: parsePixelSpec(String(row['spec'])), file: String(row['file']) }));
  }

  /** The cache of `spec`, registered if it is new. */
  ensure(spec: PixelSpec): CacheEntry {
    const text = pixelSpecText(spec);
    this.#index.run(
      'INSERT INTO pixel_cache (spec, file) VALUES (?, ?) ON CONFLICT (spec) DO NOTHING',
      text,
      `pixels-${text}.cache`,
    );
    const row = this.#index.get('SELECT id, file FROM pixel_cache WHERE spec = ?', text);
    return { id: Number(row?.['id']), spec, file: String(row?.['file']) };
  }

  /** Slots handed out so far. */
  size(cacheId: number): number {
    return Number(
      this.#index.get('SELECT coalesce(max(slot) + 1, 0) AS size FROM cache_record WHERE cache_id = ?', cacheId)?.[
        'size'
      ] ?? 0,
    );
  }

  find(cacheId: number, contentSha256: string): CacheRecord | null {
    const row = this.#index.get(
      'SELECT slot, valid FROM cache_record WHERE cache_id = ? AND content_sha256 = ?',
      cacheId,
      contentSha256,
    );
    return row === undefined ? null : { slot: Number(row['slot']), isValid: row['valid'] === 1 };
  }

  save(cacheId: number, contentSha256: string, slot: number): void {
    this.#index.run(
      `INSERT INTO cache_record (cache_id, content_sha256, slot, valid) VALUES (?, ?, ?, 1)
       ON CONFLICT (cache_id, content_sha256) DO UPDATE SET valid = 1`,
      cacheId,
      contentSha256,
      slot,
    );
  }

  /** Forgets that slots from `first` on hold pixels; the next import writes them again, to the same slots. */
  invalidateFrom(cacheId: number, first: number): number {
    return this.#index.run('UPDATE cache_record SET valid = 0 WHERE cache_id = ? AND slot >= ?', cacheId, first)
      .changes;
  }

  invalidate(cacheId: number, slot: number): void {
    this.#index.run('UPDATE cache_record SET valid = 0 WHERE cache_id = ? AND slot = ?', cacheId, slot);
  }

  /** Records of a cache in slot order. */
  records(cacheId: number): { slot: number; contentSha256: string; isValid: boolean }[] {
    return this.#index
      .all('SELECT slot, content_sha256, valid FROM cache_record WHERE cache_id = ? ORDER BY slot', cacheId)
      .map((row) => ({
        slot: Number(row['slot']),
        contentSha256: String(row['content_sha256']),
        isValid: row['valid'] === 1,
      }));
  }
}
