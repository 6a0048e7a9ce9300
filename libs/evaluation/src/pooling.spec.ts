import { createRng } from '@fedistl/core';
import fc from 'fast-check';
import { auc } from './auc';
import { calibrationCurve } from './calibration';
import { confusionMatrix } from './confusion';
import { delongInterval } from './delong';
import { poolAuc } from './meta-analysis';
import { histogramAuc, histogramCalibration, poolConfusion, poolHistograms, scoreHistogram } from './pooled-counts';

describe('poolAuc', () => {
  it('gives the DerSimonian-Laird numbers (computed in numpy from the formulas)', () => {
    const pooled = poolAuc([
      { site: 'a', auc: 0.82, standardError: 0.03 },
      { site: 'b', auc: 0.91, standardError: 0.02 },
      { site: 'c', auc: 0.75, standardError: 0.05 },
    ]);
    expect(pooled.auc).toBeCloseTo(0.8383952891, 9);
    expect(pooled.lower).toBeCloseTo(0.7284568664, 9);
    expect(pooled.upper).toBeCloseTo(0.9093616436, 9);
    expect(pooled.betweenSiteVariance).toBeCloseTo(0.2827932132, 9);
    expect(pooled.q).toBeCloseTo(12.0927137361, 8);
    expect(pooled.heterogeneity).toBeCloseTo(0.8346111515, 9);
    expect(pooled.weights.map(({ weight }) => weight)).toEqual([
      expect.closeTo(0.3493706266, 9),
      expect.closeTo(0.3306767193, 9),
      expect.closeTo(0.3199526541, 9),
    ]);
  });

  it('is the one site itself, and the fixed effect where sites agree', () => {
    const site = { site: 'a', auc: 0.8, standardError: 0.04 };
    const single = poolAuc([site]);
    expect(single.auc).toBeCloseTo(0.8, 12);
    const four = poolAuc([site, site, site, site]);
    expect(four.betweenSiteVariance).toBe(0);
    expect(four.heterogeneity).toBe(0);
    const logit = (p: number): number => Math.log(p / (1 - p));
    expect(logit(four.upper) - logit(0.8)).toBeCloseTo((logit(single.upper) - logit(0.8)) / 2, 10);
  });

  it('covers the truth about as often as it says', () => {
    const rng = createRng('coverage');
    // Two normals 1.2 standard deviations apart: AUC = Phi(1.2 / sqrt 2).
    const truth = 0.8019;
    let covered = 0;
    for (let trial = 0; trial < 200; trial++) {
      const sites = [80, 120, 200].map((n, k) => {
        const labels = Array.from({ length: n }, (_, i) => i % 2);
        const scores = labels.map((label) => rng.normal(1.2 * label));
        const { auc: area, standardError } = delongInterval({ labels, scores });
        return { site: `site ${k}`, auc: area, standardError };
      });
      const { lower, upper } = poolAuc(sites);
      if (lower <= truth && truth <= upper) covered++;
    }
    expect(covered).toBeGreaterThan(180);
  });
});

describe('pooled counts', () => {
  const cases = fc
    .array(fc.record({ label: fc.constantFrom(0, 1), score: fc.integer({ min: 0, max: 1000 }) }), {
      minLength: 1,
      maxLength: 60,
    })
    .map((rows) => ({
      labels: [0, 1, ...rows.map((r) => r.label)],
      scores: [0.3, 0.4, ...rows.map((r) => r.score / 1000)],
    }));

  it('bounds the AUC of the pooled cases and is exact where the bins hold one score each', () => {
    fc.assert(
      fc.property(cases, cases, (a, b) => {
        const all = { labels: [...a.labels, ...b.labels], scores: [...a.scores, ...b.scores] };
        const exact = auc(all.labels, all.scores);
        const coarse = histogramAuc(poolHistograms([scoreHistogram(a, 16), scoreHistogram(b, 16)]));
        expect(coarse.lowest).toBeLessThanOrEqual(exact + 1e-12);
        expect(coarse.highest).toBeGreaterThanOrEqual(exact - 1e-12);
        const fine = histogramAuc(poolHistograms([scoreHistogram(a, 4000), scoreHistogram(b, 4000)]));
        expect(fine.auc).toBeCloseTo(exact, 12);
      }),
      { numRuns: 100 },
    );
  });

  it('gives the calibration curve of the pooled cases', () => {
    fc.assert(
      fc.property(cases, cases, (a, b) => {
        const all = { labels: [...a.labels, ...b.labels], scores: [...a.scores, ...b.scores] };
        const pooled = histogramCalibration(poolHistograms([scoreHistogram(a, 8), scoreHistogram(b, 8)]), 2);
        const direct = calibrationCurve(all, { bins: 4 });
        expect(pooled.expectedError).toBeCloseTo(direct.expectedError, 12);
        expect(pooled.bins.map((bin) => [bin.from, bin.cases, bin.observed])).toEqual(
          direct.bins.map((bin) => [bin.from, bin.cases, bin.observed]),
        );
      }),
      { numRuns: 100 },
    );
  });

  it('sums confusion matrices', () => {
    fc.assert(
      fc.property(cases, cases, (a, b) => {
        const all = { labels: [...a.labels, ...b.labels], scores: [...a.scores, ...b.scores] };
        const pooled = poolConfusion([confusionMatrix(a, 0.5), confusionMatrix(b, 0.5)]);
        expect(pooled).toEqual(confusionMatrix(all, 0.5));
      }),
      { numRuns: 50 },
    );
  });
});
