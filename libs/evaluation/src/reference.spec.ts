import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { auc } from './auc';
import { averagePrecision } from './average-precision';
import { brierScore } from './calibration';
import { delongInterval } from './delong';
import { delongPairedTest } from './delong-test';
import { rocCurve, youdenPoint } from './roc';

interface ReferenceSet {
  readonly y: number[];
  readonly scoreA: number[];
  readonly scoreB: number[];
  readonly aucA: number;
  readonly aucB: number;
  readonly sklearnAucA: number;
  readonly delongSeA: number;
  readonly delongCi95A: [number, number];
  readonly delongZ: number;
  readonly delongP: number;
  readonly averagePrecisionA: number;
  readonly brierA: number;
  readonly youdenJ: number;
  readonly youdenSensitivity: number;
  readonly youdenSpecificity: number;
  readonly youdenThreshold: number;
  readonly roc: { fpr: number[]; tpr: number[] };
}

const path = join(__dirname, '../../../test/fixtures/reference/metrics.json');
const sets = JSON.parse(readFileSync(path, 'utf8')) as ReferenceSet[];

/** Within 1e-10 absolute, which for every value here is also 1e-8 relative or better. */
const near = (actual: number | null, expected: number): void => {
  expect(actual).not.toBeNull();
  expect(Math.abs(actual! - expected)).toBeLessThan(1e-10);
};

describe('numbers of scikit-learn and DeLong by definition', () => {
  it('has five sets', () => {
    expect(sets).toHaveLength(5);
  });

  it.each(sets.map((set, i) => [i, set] as const))('set %i', (_i, set) => {
    near(auc(set.y, set.scoreA), set.aucA);
    near(auc(set.y, set.scoreA), set.sklearnAucA);
    near(auc(set.y, set.scoreB), set.aucB);
    const interval = delongInterval({ labels: set.y, scores: set.scoreA });
    near(interval.standardError, set.delongSeA);
    near(interval.lower, set.delongCi95A[0]);
    near(interval.upper, set.delongCi95A[1]);
    const test = delongPairedTest({ labels: set.y, scoresA: set.scoreA, scoresB: set.scoreB });
    near(test.z, set.delongZ);
    near(test.p, set.delongP);
    expect(Math.abs(test.p! / set.delongP - 1)).toBeLessThan(1e-10);
    near(averagePrecision(set.y, set.scoreA), set.averagePrecisionA);
    near(brierScore(set.y, set.scoreA), set.brierA);
    const youden = youdenPoint({ labels: set.y, scores: set.scoreA });
    near(youden.j, set.youdenJ);
    near(youden.sensitivity, set.youdenSensitivity);
    near(youden.specificity, set.youdenSpecificity);
    expect(youden.threshold).toBe(set.youdenThreshold);
    const roc = rocCurve({ labels: set.y, scores: set.scoreA });
    expect(roc).toHaveLength(set.roc.fpr.length);
    roc.forEach((point, k) => {
      near(point.falsePositiveRate, set.roc.fpr[k]!);
      near(point.truePositiveRate, set.roc.tpr[k]!);
    });
  });
});

describe("the method's golden case", () => {
  const labels = [0, 0, 0, 0, 1, 1, 1, 1, 1];
  const scoresA = [0.1, 0.4, 0.35, 0.8, 0.4, 0.7, 0.9, 0.65, 0.3];
  const scoresB = [0.2, 0.3, 0.1, 0.6, 0.5, 0.8, 0.7, 0.9, 0.4];

  it('gives AUCs, variances, covariance, z and p to the printed digits', () => {
    const test = delongPairedTest({ labels, scoresA, scoresB });
    expect(test.aucA).toBeCloseTo(0.675, 14);
    expect(test.aucB).toBeCloseTo(0.9, 14);
    expect(test.varianceA).toBeCloseTo(0.04395833, 8);
    expect(test.varianceB).toBeCloseTo(0.01375, 12);
    expect(test.covariance).toBeCloseTo(0.02177083, 8);
    expect(Math.abs(test.z!)).toBeCloseTo(1.890378, 6);
    expect(test.p).toBeCloseTo(0.0587074, 7);
  });

  it('cuts the interval 0.264069 to 1.085931 at 1', () => {
    const { lower, upper, auc: area, standardError } = delongInterval({ labels, scores: scoresA });
    expect(lower).toBeCloseTo(0.264069, 6);
    expect(upper).toBe(1);
    expect(area + 1.959963984540054 * standardError).toBeCloseTo(1.085931, 6);
  });
});
