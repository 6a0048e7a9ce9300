import { type AggregationRule, type NormBound, type UpdateManifest } from '@fedistl/protocol';
import { type AggregatedUpdate, aggregateUpdates, type AggregationInput } from '../aggregate/aggregate-updates';
import { type NormalisedLayer } from '../aggregate/normalised-layer';
import { type RefusedUpdate } from '../aggregate/reading-check';
import { UpdateError } from '../aggregation.errors';
import { type UpdateRefusal } from '../update/check-manifest';
import { openUpdateBlob } from '../update/update-blob';
import { FilePassRunner, type UpdateFile } from './file-pass-runner';
import { openFileUpdateSource } from './file-update-source';
import { PassWorkerPool } from './pass-worker-pool';

/** An update that waits on disk: what the site signed, and the blob that it named. */
export interface StoredUpdate {
  /** Verified (`openMessage`) and checked against the round (`checkUpdateManifest`). */
  readonly manifest: UpdateManifest;
  readonly path: string;
  /** From `siteWeights`. */
  readonly weight: number;
}

export interface AggregateFilesRequest {
  readonly rule: AggregationRule;
  readonly normBound: NormBound | null;
  /** Values of the flat update. */
  readonly parameters: number;
  readonly updates: readonly StoredUpdate[];
  readonly normalisedLayer?: NormalisedLayer | null;
  /** Threads to use; without it some are started for this call. */
  readonly pool?: PassWorkerPool;
  readonly blockLength?: number;
}

interface Readable {
  readonly input: AggregationInput;
  readonly file: UpdateFile;
}

/**
 * Aggregates updates from disk in any order of `updates`; hash, finiteness and norm of each are checked while it is folded.
 *
 * @throws AggregationError see `aggregateUpdates` and `FilePassRunner`
 */
export async function aggregateFiles(request: AggregateFilesRequest): Promise<AggregatedUpdate> {
  const ordered = request.updates.toSorted((a, b) => (a.manifest.siteId < b.manifest.siteId ? -1 : 1));
  const opened = await Promise.all(ordered.map(openOrRefuse));
  const readable = opened.filter((item): item is Readable => 'file' in item);
  const refused = opened.filter((item): item is RefusedUpdate => 'code' in item);
  const { rule, normBound, parameters, normalisedLayer = null } = request;
  const pool = request.pool ?? new PassWorkerPool();
  try {
    const runner = new FilePassRunner({
      parameters,
      normalisedLayer,
      pool,
      files: readable.map(({ file }) => file),
      ...(request.blockLength === undefined ? {} : { blockLength: request.blockLength }),
    });
    const result = await aggregateUpdates(runner, { rule, normBound, inputs: readable.map(({ input }) => input) });
    return { ...result, refused: [...refused, ...result.refused] };
  } finally {
    if (request.pool === undefined) await pool.close();
  }
}

async function openOrRefuse({ manifest, path, weight }: StoredUpdate): Promise<Readable | RefusedUpdate> {
  const { siteId, payload } = manifest;
  const source = await openFileUpdateSource(siteId, path);
  try {
    const layout = await openUpdateBlob(source, payload);
    return { input: { siteId, blobHash: payload.blobHash, weight }, file: { path, layout } };
  } catch (error) {
    if (!(error instanceof UpdateError)) throw error;
    return { siteId, code: error.code as UpdateRefusal, message: error.message };
  } finally {
    await source.close();
  }
}
