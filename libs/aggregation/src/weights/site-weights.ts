import { type UpdateCounts, type Weighting } from '@fedistl/protocol';
import { AggregationError } from '../aggregation.errors';

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  return ((sorted[Math.floor((n - 1) / 2)] ?? 0) + (sorted[Math.floor(n / 2)] ?? 0)) / 2;
}

/**
 * Weight of each site's update, in the order given. Counts are the sites' own claims: the cap, a multiple of the round's
 * median weight, bounds what a false one can do.
 *
 * @throws AggregationError `AGGREGATION.NO_WEIGHT` when every weight is zero
 */
export function siteWeights(weighting: Weighting, counts: readonly UpdateCounts[]): number[] {
  if (weighting.by === 'uniform') return counts.map(() => 1);
  const claimed = counts.map((count) =>
    weighting.by === 'images-seen' ? count.imagesSeen : count.acceptedPseudoLabels,
  );
  if (!claimed.some((weight) => weight > 0)) {
    throw new AggregationError(
      'AGGREGATION.NO_WEIGHT',
      `expected a positive count (${weighting.by}) from at least one of ${counts.length} sites, got none`,
    );
  }
  // Sites without a countable image neither weigh anything nor lower the cap of the others.
  const cap = (weighting.capMultipleOfMedian ?? Infinity) * medianOf(claimed.filter((weight) => weight > 0));
  return claimed.map((weight) => Math.min(weight, cap));
}
