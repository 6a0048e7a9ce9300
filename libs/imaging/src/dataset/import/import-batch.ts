import { type PixelCacheWriter } from '../cache/pixel-cache-writer';
import { onStorage } from '../storage-error';
import { type CacheTable } from '../store/cache-table';
import { type FileIdentity, type ImageFacts, type ImageTable, type StoredLabels } from '../store/image-table';
import { type IndexDatabase } from '../store/index-database';

/** A change that waits for its commit. */
export type PendingChange =
  | {
      readonly kind: 'save';
      readonly id: number | null;
      readonly file: FileIdentity;
      readonly facts: ImageFacts;
      readonly stored: StoredLabels;
      readonly pixels: Uint8Array | null;
    }
  | { readonly kind: 'relabel'; readonly id: number; readonly stored: StoredLabels };

export interface BatchTarget {
  readonly index: IndexDatabase;
  readonly images: ImageTable;
  readonly caches: CacheTable;
  readonly cacheId: number;
  readonly writer: PixelCacheWriter;
}

/**
 * Writes a batch: first the pixels, made durable, then all rows in one transaction. Killed before the transaction, the set
 * is as it was, apart from cache records that nobody points to and that the next import cuts off.
 */
export function commitBatch(target: BatchTarget, changes: readonly PendingChange[]): void {
  if (changes.length === 0) return;
  const records = onStorage(() => writePixels(target, changes));
  target.index.transaction(() => {
    for (const change of changes) {
      if (change.kind === 'relabel') {
        target.images.saveLabels(change.id, change.stored);
      } else {
        target.images.save(change.id, change.file, change.facts, change.stored);
      }
    }
    for (const [contentSha256, slot] of records) target.caches.save(target.cacheId, contentSha256, slot);
  });
}

/** Slots of contents that were not in the cache, or no longer whole; equal contents share one. */
function writePixels({ caches, cacheId, writer }: BatchTarget, changes: readonly PendingChange[]): Map<string, number> {
  const records = new Map<string, number>();
  let next = caches.size(cacheId);
  for (const change of changes) {
    if (change.kind !== 'save' || change.pixels === null || change.facts.contentSha256 === null) continue;
    const { contentSha256 } = change.facts;
    const existing = caches.find(cacheId, contentSha256);
    if (existing?.isValid === true || records.has(contentSha256)) continue;
    const slot = existing?.slot ?? next++;
    writer.write(slot, contentSha256, change.pixels);
    records.set(contentSha256, slot);
  }
  if (records.size > 0) writer.sync();
  return records;
}
