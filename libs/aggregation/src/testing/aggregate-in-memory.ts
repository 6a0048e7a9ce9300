import { type AggregationRule, type NormBound } from '@fedistl/protocol';
import { type AggregatedUpdate, aggregateUpdates } from '../aggregate/aggregate-updates';
import { type NormalisedLayer } from '../aggregate/normalised-layer';
import { StreamPassRunner } from '../aggregate/stream-pass-runner';
import { openUpdateBlob } from '../update/update-blob';
import { memoryUpdateSource } from '../update/update-source';
import { type MadeUpdate } from './update-set';

export interface InMemoryOptions {
  readonly rule: AggregationRule;
  readonly normBound?: NormBound | null;
  readonly normalisedLayer?: NormalisedLayer | null;
  readonly blockLength?: number;
}

/** Aggregates made updates in this thread, in whatever order they come. */
export async function aggregateInMemory(
  updates: readonly MadeUpdate[],
  { rule, normBound = null, ...options }: InMemoryOptions,
): Promise<AggregatedUpdate> {
  const ordered = updates.toSorted((a, b) => (a.manifest.siteId < b.manifest.siteId ? -1 : 1));
  const opened = await Promise.all(
    ordered.map(async ({ manifest, blob }) => {
      const source = memoryUpdateSource(manifest.siteId, blob);
      return { source, layout: await openUpdateBlob(source, manifest.payload) };
    }),
  );
  const parameters = opened[0]?.layout.parameters ?? 1;
  const inputs = ordered.map(({ manifest, weight }) => ({
    siteId: manifest.siteId,
    blobHash: manifest.payload.blobHash,
    weight,
  }));
  return aggregateUpdates(new StreamPassRunner({ parameters, updates: opened, ...options }), {
    rule,
    normBound,
    inputs,
  });
}
