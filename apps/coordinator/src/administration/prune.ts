import { type BlobStore, type Database } from '@fedistl/persistence';
import { appendEntries } from '../audit/append-entries';

/** Blobs of one kind. */
export interface PrunedBlobs {
  readonly blobs: number;
  readonly bytes: number;
}

/** What went, or would go. */
export interface Pruned {
  readonly before: string;
  readonly dryRun: boolean;
  readonly updates: PrunedBlobs;
  readonly moments: PrunedBlobs;
  /** Uploaded models that no study was made from. */
  readonly models: PrunedBlobs;
  /** Files that no row names: a process was killed between the two. */
  readonly strays: PrunedBlobs;
  /** Done jobs of the queue. */
  readonly jobs: number;
}

export interface PruneOptions {
  /** Only what was over before this time goes. */
  readonly before: Date;
  /** Counts and deletes nothing. */
  readonly dryRun: boolean;
}

interface Resources {
  readonly database: Database;
  readonly blobs: BlobStore;
}

/**
 * Deletes what nothing needs any more (docs/operations.md, "What is kept"). May run beside the service, and again after it was
 * killed: a row goes with its file, in one transaction, and only if it is not needed at that moment.
 */
export async function prune({ database, blobs }: Resources, options: PruneOptions): Promise<Pruned> {
  const { before, dryRun } = options;
  const kinds = { update: none(), moments: none(), model: none(), centre: none() };
  for (const { blobHash, purpose, byteLength } of await database.repositories.blobs.unneeded(before)) {
    const gone =
      dryRun ||
      (await database.transaction(async (repositories) => {
        if (!(await repositories.blobs.removeUnneeded(blobHash, before))) return false;
        await blobs.delete(blobHash);
        return true;
      }));
    if (gone) kinds[purpose] = plus(kinds[purpose], byteLength);
  }
  const strays = await pruneStrays({ database, blobs }, options);
  const { update: updates, moments, model: models } = kinds;
  const { jobs: queue } = database.repositories;
  const jobs = await (dryRun ? queue.countDone(before) : queue.deleteDone(before));
  const counts = { updates: updates.blobs, moments: moments.blobs, models: models.blobs };
  if (!dryRun && Object.values(counts).some((count) => count > 0)) {
    const at = { at: new Date().toISOString(), before: before.toISOString() };
    await database.transaction((repositories) =>
      appendEntries(repositories, [{ type: 'blobs-pruned', version: 1, ...at, ...counts }]),
    );
  }
  return { before: before.toISOString(), dryRun, updates, moments, models, strays, jobs };
}

async function pruneStrays({ database, blobs }: Resources, { before, dryRun }: PruneOptions): Promise<PrunedBlobs> {
  let strays = none();
  for await (const { hash, byteLength, storedAt } of blobs.list()) {
    if (storedAt >= before || (await database.repositories.blobs.find(hash)) !== null) continue;
    const gone =
      dryRun ||
      (await database.transaction(async (repositories) => {
        // Whoever stores the same bytes now waits for this row, and finds the file missing.
        if (!(await repositories.blobs.claim(hash, byteLength, before))) return false;
        await blobs.delete(hash);
        await repositories.blobs.release(hash);
        return true;
      }));
    if (gone) strays = plus(strays, byteLength);
  }
  return strays;
}

const none = (): PrunedBlobs => ({ blobs: 0, bytes: 0 });

const plus = ({ blobs, bytes }: PrunedBlobs, byteLength: number): PrunedBlobs => ({
  blobs: blobs + 1,
  bytes: bytes + byteLength,
});
