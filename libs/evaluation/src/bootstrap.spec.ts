import { createRng } from '@fedistl/core';
import { auc } from './auc';
import { averagePrecision } from './average-precision';
import { bootstrap, casesByPatient } from './bootstrap';
import { brierScore } from './calibration';
import { delongInterval } from './delong';
import { delongPairedTest } from './delong-test';
import {
  aucStatistic,
  averagePrecisionStatistic,
  brierStatistic,
  calledPositiveStatistic,
  differenceStatistic,
} from './weighted-statistics';

/** Two normal score distributions a standard deviation apart, cut to probabilities, in steps that make ties. */
function sample(seed: string, n: number): { labels: number[]; scores: number[] } {
  const rng = createRng(seed);
  const labels = Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const scores = labels.map((label) => Math.round(200 / (1 + Math.exp(-rng.normal(label, 1)))) / 200);
  return { labels, scores };
}

const eachAlone = (n: number): string[] => Array.from({ length: n }, (_, i) => `patient ${i}`);

describe('weighted statistics', () => {
  it('equal the plain statistic of the repeated cases', () => {
    const cases = sample('weights', 40);
    const rng = createRng('draws');
    for (let trial = 0; trial < 20; trial++) {
      const weights = Uint32Array.from({ length: 40 }, () => rng.int(4));
      const rows = [...weights].flatMap((weight, i) => new Array<number>(weight).fill(i));
      const labels = rows.map((i) => cases.labels[i]!);
      const scores = rows.map((i) => cases.scores[i]!);
      expect(aucStatistic(cases)(weights)).toBeCloseTo(auc(labels, scores), 12);
      expect(averagePrecisionStatistic(cases)(weights)).toBeCloseTo(averagePrecision(labels, scores), 12);
      expect(brierStatistic(cases)(weights)).toBeCloseTo(brierScore(labels, scores), 12);
      const called = scores.filter((score, i) => labels[i] === 1 && score >= 0.5).length;
      const positives = labels.filter((label) => label === 1).length;
      expect(calledPositiveStatistic(cases, 0.5, 1)(weights)).toBeCloseTo(called / positives, 12);
    }
  });

  it('are undefined where a class is missing', () => {
    const cases = { labels: [0, 1], scores: [0.2, 0.7] };
    const none = differenceStatistic(aucStatistic(cases), () => 0.5);
    expect(aucStatistic(cases)(Uint32Array.of(2, 0))).toBeUndefined();
    expect(averagePrecisionStatistic(cases)(Uint32Array.of(2, 0))).toBeUndefined();
    expect(calledPositiveStatistic(cases, 0.5, 1)(Uint32Array.of(2, 0))).toBeUndefined();
    expect(none(Uint32Array.of(2, 0))).toBeUndefined();
    expect(none(Uint32Array.of(1, 1))).toBe(0.5);
  });
});

describe('bootstrap', () => {
  it('is the same for the same seed and another for another', () => {
    const cases = sample('seed', 60);
    const run = (seed: number): unknown =>
      bootstrap(eachAlone(60), aucStatistic(cases), { rng: createRng(seed), resamples: 200 });
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });

  it("agrees with DeLong's standard error and interval when every case is a patient", () => {
    const cases = sample('delong', 300);
    const delong = delongInterval(cases);
    const result = bootstrap(eachAlone(300), aucStatistic(cases), { rng: createRng(3), resamples: 3000 });
    expect(result.estimate).toBe(delong.auc);
    expect(result.standardError / delong.standardError).toBeGreaterThan(0.93);
    expect(result.standardError / delong.standardError).toBeLessThan(1.07);
    expect(Math.abs(result.lower - delong.lower)).toBeLessThan(0.008);
    expect(Math.abs(result.upper - delong.upper)).toBeLessThan(0.008);
    expect(result.undefinedResamples).toBe(0);
  });

  it('agrees with the paired test on the difference of two models', () => {
    const cases = sample('paired', 300);
    const noise = createRng('noise');
    const other = cases.scores.map((score) => score + noise.normal(0, 0.2));
    const test = delongPairedTest({ labels: cases.labels, scoresA: cases.scores, scoresB: other });
    const statistic = differenceStatistic(aucStatistic(cases), aucStatistic({ labels: cases.labels, scores: other }));
    const result = bootstrap(eachAlone(300), statistic, { rng: createRng(4), resamples: 2000 });
    expect(result.estimate).toBeCloseTo(test.difference, 12);
    expect(result.standardError / test.standardError).toBeGreaterThan(0.92);
    expect(result.standardError / test.standardError).toBeLessThan(1.08);
  });

  it('draws patients, not images: with each image four times over the error is that of the patients', () => {
    const cases = sample('cluster', 120);
    const fourfold = <T>(list: T[]): T[] => [...list, ...list, ...list, ...list];
    const repeated = { labels: fourfold(cases.labels), scores: fourfold(cases.scores) };
    const statistic = aucStatistic(repeated);
    const byPatient = bootstrap(fourfold(eachAlone(120)), statistic, { rng: createRng(5), resamples: 1000 });
    const byImage = bootstrap(eachAlone(480), statistic, { rng: createRng(5), resamples: 1000 });
    expect(byPatient.patients).toBe(120);
    expect(byPatient.standardError / byImage.standardError).toBeGreaterThan(1.7);
    expect(byPatient.standardError / byImage.standardError).toBeLessThan(2.3);
    expect(casesByPatient(['a', 'b', 'a']).map((rows) => [...rows])).toEqual([[0, 2], [1]]);
  });

  it("gives scipy's percentile and BCa intervals of a Brier score", () => {
    const labels = [0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0];
    const scores = [
      0.2, 0.7, 0.6, 0.1, 0.95, 0.4, 0.3, 0.55, 0.8, 0.25, 0.35, 0.15, 0.9, 0.65, 0.5, 0.05, 0.85, 0.45, 0.75, 0.6,
    ];
    const run = (method: 'percentile' | 'bca'): number[] => {
      const options = { rng: createRng(6), resamples: 20_000, method };
      const { lower, upper, standardError } = bootstrap(eachAlone(20), brierStatistic({ labels, scores }), options);
      return [lower, upper, standardError];
    };
    // scipy.stats.bootstrap with 200,000 resamples; the tolerance is 4 standard errors of a quantile of 20,000.
    const expected = { percentile: [0.069125, 0.171125, 0.026145], bca: [0.074125, 0.17975, 0.026145] } as const;
    for (const method of ['percentile', 'bca'] as const) {
      run(method).forEach((value, k) => {
        expect(Math.abs(value - expected[method][k]!)).toBeLessThan(0.002);
      });
    }
  });

  it('leaves resamples of one class out and says how many', () => {
    const cases = { labels: [0, 0, 0, 0, 1, 1], scores: [0.1, 0.4, 0.3, 0.2, 0.35, 0.9] };
    const result = bootstrap(eachAlone(6), aucStatistic(cases), { rng: createRng(7), resamples: 1000 });
    // (4/6)^6 + (2/6)^6 of the resamples, about 89 of 1000.
    expect(result.undefinedResamples).toBeGreaterThan(50);
    expect(result.undefinedResamples).toBeLessThan(135);
    expect(result.lower).toBeLessThanOrEqual(result.estimate);
    expect(result.upper).toBeGreaterThanOrEqual(result.estimate);
  });
});
