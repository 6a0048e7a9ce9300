import { normalQuantile, type SiteId } from '@fedistl/core';
import { type EvaluationReport } from '../messages/evaluation-report.schema';
import { type PooledDifference } from './judgement.schema';

/** A site's difference of AUC, candidate minus teacher on the same images, and what pooling needs beside it. */
export interface SiteDifference {
  readonly siteId: SiteId;
  readonly value: number;
  readonly standardError: number;
  /** Lower end of the interval as reported. */
  readonly low: number;
  /** m n / (m + n) of m positive and n negative images: the variance of an AUC falls about as its inverse. */
  readonly size: number;
}

/**
 * Reads a site's difference from its report. The standard error is the longer half of the interval over the normal quantile:
 * DeLong's interval is symmetric, but an end at -1 or 1 may have been cut there.
 *
 * @returns null without a difference, and for an interval over all of [-1, 1]: cut at both ends, it tells no standard error
 */
export function siteDifference({
  siteId,
  confidence,
  aucDifference,
  holdOut,
}: EvaluationReport): SiteDifference | null {
  if (aucDifference === null) return null;
  const { value, low, high } = aucDifference;
  if (low <= -1 && high >= 1) return null;
  const { positives, negatives } = holdOut;
  return {
    siteId,
    value,
    low,
    standardError: Math.max(high - value, value - low) / normalQuantile((1 + confidence) / 2),
    size: (positives * negatives) / (positives + negatives),
  };
}

/**
 * Share of each site in the pooled difference, summing to 1, in the order given: by the size of its hold-out, at most `cap`
 * times the median. Of an even number of sites the lower of the two in the middle is taken for the median, so that half of the
 * sites, or one of two, cannot lift the cap by what they claim.
 */
export function poolingShares(sites: readonly SiteDifference[], cap: number | null): number[] {
  const sizes = sites.map(({ size }) => size);
  const median = sizes.toSorted((a, b) => a - b)[Math.floor((sizes.length - 1) / 2)] ?? 0;
  const capped = sizes.map((size) => Math.min(size, (cap ?? Infinity) * median));
  const sum = capped.reduce((total, size) => total + size, 0);
  return capped.map((size) => size / sum);
}

/**
 * The mean of the sites' differences by `shares`; its variance is the sum of share^2 times variance. Weights are those of
 * hold-out sizes (as Mantel and Haenszel's for a risk difference: Greenland and Robins, Biometrics 41, 1985) and not inverse
 * variances: a candidate that ranks a site's images as the teacher does has a variance of zero there, which would outweigh
 * every other site. The sites are those whom the decision concerns, no sample of others, so nothing is added for how they differ.
 *
 * @param confidence one-sided; the interval is two-sided at 2 * confidence - 1
 * @returns null without a site
 */
export function poolDifferences(
  sites: readonly SiteDifference[],
  shares: readonly number[],
  confidence: number,
): PooledDifference | null {
  if (sites.length === 0) return null;
  const value = sites.reduce((sum, site, i) => sum + (shares[i] ?? 0) * site.value, 0);
  const variance = sites.reduce((sum, site, i) => sum + ((shares[i] ?? 0) * site.standardError) ** 2, 0);
  const half = normalQuantile(confidence) * Math.sqrt(variance);
  // 2 * 0.95 - 1 has a long tail in binary.
  const twoSided = Number((2 * confidence - 1).toFixed(9));
  return { value, low: Math.max(-1, value - half), high: Math.min(1, value + half), confidence: twoSided };
}
