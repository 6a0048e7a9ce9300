import { type SiteId } from '@fedistl/core';
import { AggregationError } from '../aggregation.errors';

export interface SiteCentre {
  readonly siteId: SiteId;
  /** Mean of the teacher's outputs over the site's images, K values. */
  readonly centre: Float32Array;
  /** Images that it is the mean of. */
  readonly images: number;
}

/**
 * DINO centre of the whole federation: the sites' means, weighted by their images (the mean over all images, were they in
 * one place). Sites ascending, float64 inside, whatever the order given.
 *
 * @throws AggregationError `AGGREGATION.BAD_SIZE` for unequal lengths, `AGGREGATION.NO_WEIGHT` without an image
 */
export function weightedCentre(sites: readonly SiteCentre[]): Float32Array {
  const ordered = sites.toSorted((a, b) => (a.siteId < b.siteId ? -1 : 1));
  const total = ordered.reduce((sum, { images }) => sum + images, 0);
  const length = ordered[0]?.centre.length ?? 0;
  if (!(total > 0)) {
    throw new AggregationError('AGGREGATION.NO_WEIGHT', `expected centres over at least one image, got ${total}`);
  }
  const sums = new Float64Array(length);
  for (const { siteId, centre, images } of ordered) {
    if (centre.length !== length) {
      throw new AggregationError(
        'AGGREGATION.BAD_SIZE',
        `expected a centre of ${length} values from ${siteId}, got ${centre.length}`,
      );
    }
    for (let i = 0; i < length; i++) sums[i] = (sums[i] ?? 0) + images * (centre[i] ?? 0);
  }
  return Float32Array.from(sums, (sum) => sum / total);
}
