import { normalQuantile } from '@fedistl/core';
import { type SiteVerdict } from './judgement.schema';
import { type SiteDifference } from './pooled-difference';

/**
 * One-sided confidence for each of `sites` tests that together find nothing with probability `confidence` where nothing is
 * (Sidak, J Am Stat Assoc 62, 1967): without it, of ten sites one finds an equal candidate worse in 40 of 100 cases at 0.95.
 */
export function simultaneousConfidence(confidence: number, sites: number): number {
  return confidence ** (1 / Math.max(1, sites));
}

/**
 * Reads a site's interval as the CONSORT extension for non-inferiority trials does (Piaggio et al., JAMA 308, 2012): what lies
 * above minus the margin is non-inferior, whichever side of zero it lies; else what lies below zero is worse.
 *
 * @param confidence one-sided, of the end that must lie below zero
 */
export function siteVerdict(
  { value, low, standardError }: SiteDifference,
  { margin, confidence }: { readonly margin: number; readonly confidence: number },
): Extract<SiteVerdict, 'non-inferior' | 'worse' | 'inconclusive'> {
  if (low > -margin) return 'non-inferior';
  return value + normalQuantile(confidence) * standardError < 0 ? 'worse' : 'inconclusive';
}
