import { DomainError } from '@fedistl/core';
import { type StudyPlan, type UpdateManifest } from '@fedistl/protocol';
import { type AggregatedUpdate } from '../aggregate/aggregate-updates';
import { type NormalisedLayer } from '../aggregate/normalised-layer';
import { type RefusedUpdate } from '../aggregate/reading-check';
import { AggregationError } from '../aggregation.errors';
import { type SiteCentre, weightedCentre } from '../server/weighted-centre';
import { readCentre } from '../update/read-centre';
import { type UpdateRefusal } from '../update/check-manifest';
import { openUpdateBlob } from '../update/update-blob';
import { siteWeights } from '../weights/site-weights';
import { aggregateFiles } from './aggregate-files';
import { openFileUpdateSource } from './file-update-source';
import { type PassWorkerPool } from './pass-worker-pool';

/** An update that was accepted in the round: what the site signed, and its blob. */
export interface RoundUpdate {
  /** Verified (`openMessage`) and checked against the round (`checkUpdateManifest`). */
  readonly manifest: UpdateManifest;
  readonly path: string;
}

export interface SitesRequest {
  readonly plan: StudyPlan;
  readonly parameters: number;
  readonly normalisedLayer: NormalisedLayer | null;
  readonly updates: readonly RoundUpdate[];
  /** Fewest good updates that make a round. */
  readonly minimumSites: number;
  readonly pool: PassWorkerPool;
}

export interface JoinedSites extends AggregatedUpdate {
  /** Mean of the sites' centres, weighted by their unlabelled images; null where none is sent. */
  readonly centre: Float32Array | null;
}

/**
 * Aggregates the sites' updates under the plan. When one turns out bad while it is read, weights and caps are those of the
 * others: the result is exactly what it would be had the bad one never come.
 *
 * @throws AggregationError `AGGREGATION.TOO_FEW_SITES` and as `aggregateFiles`, `siteWeights`
 */
export async function joinSites(request: SitesRequest): Promise<JoinedSites> {
  const { plan, parameters, normalisedLayer, pool } = request;
  const { rule, normBound, weighting } = plan.aggregation;
  const { centres, refused } = await readCentres(request.updates);
  for (;;) {
    const bad = new Set(refused.map(({ siteId }) => siteId));
    const good = request.updates.filter(({ manifest }) => !bad.has(manifest.siteId));
    requireEnough(good.length, request.minimumSites, refused);
    const weights = siteWeights(
      weighting,
      good.map(({ manifest }) => manifest.counts),
    );
    const updates = good.map((update, i) => ({ ...update, weight: weights[i] ?? 0 }));
    const result = await aggregateFiles({ rule, normBound, parameters, normalisedLayer, updates, pool });
    if (result.refused.length === 0) {
      return { ...result, refused, centre: centreOf(centres.filter(({ siteId }) => !bad.has(siteId))) };
    }
    refused.push(...result.refused);
  }
}

function requireEnough(got: number, minimumSites: number, refused: readonly RefusedUpdate[]): void {
  if (got >= Math.max(1, minimumSites)) return;
  const reasons = refused.map(({ siteId, code }) => `${siteId} ${code}`).join(', ');
  throw new AggregationError(
    'AGGREGATION.TOO_FEW_SITES',
    `expected at least ${minimumSites} good updates, got ${got}${reasons === '' ? '' : `; refused: ${reasons}`}`,
    { details: { refused } },
  );
}

async function readCentres(
  updates: readonly RoundUpdate[],
): Promise<{ centres: SiteCentre[]; refused: RefusedUpdate[] }> {
  const centres: SiteCentre[] = [];
  const refused: RefusedUpdate[] = [];
  for (const { manifest, path } of updates) {
    const { siteId, payload, counts } = manifest;
    if (payload.centreLength === 0) continue;
    try {
      const source = await openFileUpdateSource(siteId, path);
      try {
        const centre = await readCentre(source, await openUpdateBlob(source, payload));
        if (centre !== null) centres.push({ siteId, centre, images: counts.imagesSeen - counts.labelledImages });
      } finally {
        await source.close();
      }
    } catch (error) {
      // Of an unreadable blob `aggregateFiles` would say the same; here the centre alone can be at fault.
      if (!(error instanceof DomainError) || !error.code.startsWith('UPDATE.')) throw error;
      refused.push({ siteId, code: error.code as UpdateRefusal, message: error.message });
    }
  }
  return { centres, refused };
}

/** Sites that saw labelled images alone count only where no other did. */
function centreOf(centres: readonly SiteCentre[]): Float32Array | null {
  if (centres.length === 0) return null;
  const withImages = centres.filter(({ images }) => images > 0);
  return weightedCentre(withImages.length > 0 ? withImages : centres.map((site) => ({ ...site, images: 1 })));
}
