import { createRng, normalQuantile } from '@fedistl/core';
import { type AcceptancePlan } from '../plan/acceptance-plan.schema';
import { judgeCandidate } from './judge-candidate';
import { candidateHash, referenceHash, siteReport } from './testing/site-report';

const margin = 0.02;
const shared = { metric: 'auc', nonInferiorityMargin: margin, confidence: 0.95, minimumSites: 1 } as const;
const noneWorse: AcceptancePlan = { sites: 'none-worse', ...shared, capMultipleOfMedian: 4 };
const each: AcceptancePlan = { sites: 'each-non-inferior', ...shared };

interface DrawnSite {
  /** Of its difference of AUC. */
  readonly standardError: number;
  readonly positives: number;
  readonly negatives: number;
}
const small: DrawnSite = { standardError: 0.04, positives: 12, negatives: 20 };
const middle: DrawnSite = { standardError: 0.02, positives: 60, negatives: 100 };
const large: DrawnSite = { standardError: 0.006, positives: 900, negatives: 1500 };
const mixed = [small, small, middle, middle, large];
const manySmall = Array.from({ length: 8 }, () => small);

const report = (site: number, { standardError, positives, negatives }: DrawnSite, difference: number) =>
  siteReport(`site-${site}`, difference, normalQuantile(0.95) * standardError, {
    holdOut: { patients: positives + negatives, positives, negatives },
  });
const judge = (rule: AcceptancePlan, sites: readonly DrawnSite[], differences: readonly number[]) =>
  judgeCandidate({
    ...{ rule, candidateHash, referenceHash },
    reports: sites.map((site, i) => report(i, site, differences[i] ?? 0)),
  });

/** Share of draws in which a candidate is promoted whose AUC differs by `truth` at each site. */
function promoted(rule: AcceptancePlan, sites: readonly DrawnSite[], truth: number | readonly number[]): number {
  const draws = 1500;
  const rng = createRng('error rates');
  let count = 0;
  for (let draw = 0; draw < draws; draw++) {
    const differences = sites.map(({ standardError }, i) =>
      rng.normal(typeof truth === 'number' ? truth : (truth[i] ?? 0), standardError),
    );
    if (judge(rule, sites, differences).reasons.length === 0) count++;
  }
  return count / draws;
}

/** Four standard errors of a share of 0.05 among 1500 draws. */
const slack = 0.023;

describe('of candidates drawn for sites of several sizes, none-worse', () => {
  it.each([
    ['eight small sites', manySmall],
    ['sites of all sizes', mixed],
    ['one site', [middle]],
  ])('promotes at most 5 %% that are worse by the margin: %s', (_name, sites) => {
    expect(promoted(noneWorse, sites, -margin)).toBeLessThan(0.05 + slack);
    // The whole loss at the last site, as large as its share makes it.
    const shares = judge(noneWorse, sites, []).judgement.sites.map(({ weight }) => weight);
    const atLast = shares.map((share, i) => (i === shares.length - 1 ? -margin / share : 0));
    expect(promoted(noneWorse, sites, atLast)).toBeLessThan(0.05 + slack);
  });

  it('has that bound from its confidence', () => {
    expect(promoted({ ...noneWorse, confidence: 0.8 }, manySmall, -margin)).toBeGreaterThan(0.1);
  });

  it('promotes a better candidate, which a rule of each site for itself hardly ever does', () => {
    const [pooled, alone] = [noneWorse, each].map((rule) => promoted(rule, mixed, 0.015));
    expect(pooled).toBeGreaterThan(0.9);
    expect(alone).toBeLessThan(0.2);
    expect(promoted(each, manySmall, 0.015)).toBeLessThan(0.01);
    expect(promoted(noneWorse, manySmall, 0.015)).toBeGreaterThan(0.75);
  });

  it('seldom takes chance at one of many sites for a loss', () => {
    const rng = createRng('chance');
    const twenty = Array.from({ length: 20 }, () => small);
    const stopped = Array.from({ length: 1500 }, () =>
      judge(
        noneWorse,
        twenty,
        twenty.map(({ standardError }) => rng.normal(0, standardError)),
      ),
    ).filter(({ reasons }) => reasons.some(({ code }) => code === 'ACCEPTANCE.SITE_WORSE'));
    expect(stopped.length / 1500).toBeLessThan(0.05 + slack);
  });

  it('stops more of those that lose at one small site, the more they lose there', () => {
    const losing = (loss: number) => promoted(noneWorse, mixed, [-loss, 0.03, 0.03, 0.03, 0.03]);
    const [none, some, much] = [losing(0), losing(0.1), losing(0.25)] as const;
    expect(none).toBeGreaterThan(0.9);
    expect(some).toBeLessThan(none);
    expect(much).toBeLessThan(0.05);
  });
});
