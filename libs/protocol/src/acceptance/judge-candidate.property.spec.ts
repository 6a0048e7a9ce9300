import { createRng } from '@fedistl/core';
import fc from 'fast-check';
import { type EvaluationReport } from '../messages/evaluation-report.schema';
import { type AcceptancePlan } from '../plan/acceptance-plan.schema';
import { judgeCandidate } from './judge-candidate';
import { candidateHash, referenceHash, siteReport } from './testing/site-report';

const shared = { metric: 'auc', confidence: 0.95, minimumSites: 1 } as const;
const noneWorse = (nonInferiorityMargin: number, cap: number | null = 4): AcceptancePlan => ({
  ...{ sites: 'none-worse', ...shared, nonInferiorityMargin, capMultipleOfMedian: cap },
});
const each = (nonInferiorityMargin: number): AcceptancePlan => ({
  ...{ sites: 'each-non-inferior', ...shared, nonInferiorityMargin },
});
const judge = (rule: AcceptancePlan, reports: readonly EvaluationReport[]) =>
  judgeCandidate({ rule, candidateHash, referenceHash, reports });

const aSite = fc.record({
  difference: fc.double({ min: -0.4, max: 0.4, noNaN: true }),
  half: fc.double({ min: 0, max: 0.5, noNaN: true }),
  positives: fc.integer({ min: 2, max: 5000 }),
  negatives: fc.integer({ min: 2, max: 5000 }),
});
/** Reports of up to eight sites. */
const someSites = fc
  .array(aSite, { minLength: 1, maxLength: 8 })
  .map((sites) =>
    sites.map(({ difference, half, positives, negatives }, i) =>
      siteReport(`site-${i}`, difference, half, { holdOut: { patients: 4, positives, negatives } }),
    ),
  );
const aMargin = fc.double({ min: 0.001, max: 0.2, noNaN: true });
const aCap = fc.option(fc.double({ min: 1, max: 10, noNaN: true }));

describe('none-worse', () => {
  it('does not depend on the order of reports', () => {
    fc.assert(
      fc.property(someSites, aMargin, fc.string(), (reports, margin, seed) => {
        const shuffled = [...reports];
        createRng(seed).shuffle(shuffled);
        expect(judge(noneWorse(margin), shuffled)).toEqual(judge(noneWorse(margin), reports));
      }),
      { numRuns: 200 },
    );
  });

  it('accepts a candidate that ranks as the teacher does, and one that each site finds non-inferior', () => {
    fc.assert(
      fc.property(someSites, aMargin, aCap, (reports, margin, cap) => {
        const equal = reports.map((report) => ({ ...report, aucDifference: { value: 0, low: 0, high: 0 } }));
        expect(judge(noneWorse(margin, cap), equal).reasons).toEqual([]);
        // Pulled up until the lower end lies above the margin: the other rule accepts, so this one does.
        const fine = reports.map((report) => {
          const { value, low, high } = report.aucDifference!;
          const shift = Math.max(0, -margin - low) + 1e-6;
          return { ...report, aucDifference: { value: value + shift, low: low + shift, high: high + shift } };
        });
        expect(judge(each(margin), fine).reasons).toEqual([]);
        expect(judge(noneWorse(margin, cap), fine).reasons).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('is stopped by the smallest site that is shown worse, however good the others find it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), aMargin, (others, margin) => {
        const good = Array.from({ length: others }, (_, i) =>
          siteReport(`site-${i}`, 0.3, 0.01, { holdOut: { patients: 9000, positives: 4000, negatives: 5000 } }),
        );
        const small = siteReport('small', -0.4, 0.1, { holdOut: { patients: 8, positives: 4, negatives: 4 } });
        const { reasons, judgement } = judge(noneWorse(margin), [...good, small]);
        expect(reasons.map(({ code, siteId }) => [code, siteId])).toEqual([['ACCEPTANCE.SITE_WORSE', 'small']]);
        expect(judgement.sites.at(-1)).toMatchObject({ siteId: 'small', verdict: 'worse' });
        expect(judgement.pooledDifference!.low).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });

  it('pools to a value between the sites, with an interval no wider than theirs, by weights that the cap bounds', () => {
    fc.assert(
      fc.property(someSites, aCap, (reports, cap) => {
        const { sites, pooledDifference } = judge(noneWorse(0.05, cap), reports).judgement;
        const counted = reports.filter((_, i) => sites[i]!.verdict !== 'not-counted');
        const values = counted.map(({ aucDifference }) => aucDifference!.value);
        const { value, low, high } = pooledDifference!;
        expect(value).toBeGreaterThanOrEqual(Math.min(...values) - 1e-12);
        expect(value).toBeLessThanOrEqual(Math.max(...values) + 1e-12);
        const widest = Math.max(
          ...counted.map(({ aucDifference: d }) => 2 * Math.max(d!.high - d!.value, d!.value - d!.low)),
        );
        expect(high - low).toBeLessThanOrEqual(widest + 1e-12);
        const weights = sites.map(({ weight }) => weight).sort((a, b) => a - b);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
        const median = weights[Math.floor((weights.length - 1) / 2)]!;
        expect(weights.at(-1)).toBeLessThanOrEqual((cap ?? Infinity) * median + 1e-12);
      }),
      { numRuns: 300 },
    );
  });
});
