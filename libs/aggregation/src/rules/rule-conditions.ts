import { type AggregationRule } from '@fedistl/protocol';
import { AggregationError } from '../aggregation.errors';

/** What a rule promises for n updates. */
export interface RuleConditions {
  /** Fewest updates for which its proof holds. */
  readonly minimumSites: number;
  /** Hostile sites up to which its result stays bounded by the honest updates. */
  readonly tolerated: number;
}

/**
 * Conditions of a rule. Sources: median and trimmed mean, Yin et al. (arXiv 1803.01498); Krum and Multi-Krum, Blanchard et
 * al. (NeurIPS 2017), n >= 2f + 3; Bulyan, El Mhamdi et al. (arXiv 1802.07927), n >= 4f + 3; geometric median, Pillutla et
 * al. (arXiv 1912.13445), breakdown point 1/2.
 */
export function ruleConditions(rule: AggregationRule, sites: number): RuleConditions {
  const minority = Math.max(0, Math.floor((sites - 1) / 2));
  switch (rule.name) {
    case 'fedavg':
      return { minimumSites: 1, tolerated: 0 };
    case 'median':
    case 'geometric-median':
      return { minimumSites: 1, tolerated: minority };
    case 'trimmed-mean':
      return { minimumSites: 1, tolerated: trimmedAtEachEnd(rule.trimFraction, sites) };
    case 'krum':
    case 'multi-krum':
      return { minimumSites: 2 * rule.byzantine + 3, tolerated: rule.byzantine };
    case 'bulyan':
      return { minimumSites: 4 * rule.byzantine + 3, tolerated: rule.byzantine };
  }
}

/** Values cut from each end: floor(fraction * n), as SciPy's trim_mean and Flower count. */
export function trimmedAtEachEnd(trimFraction: number, sites: number): number {
  return Math.floor(trimFraction * sites);
}

/** @throws AggregationError `AGGREGATION.TOO_FEW_SITES` */
export function requireEnoughSites(rule: AggregationRule, sites: number): void {
  const { minimumSites } = ruleConditions(rule, sites);
  if (sites >= minimumSites) return;
  throw new AggregationError(
    'AGGREGATION.TOO_FEW_SITES',
    `expected at least ${minimumSites} updates for rule ${rule.name}, got ${sites}`,
    { details: { rule: rule.name, minimumSites, sites } },
  );
}
