import { calibrationCurve } from './calibration';
import { classificationMetrics, confusionMatrix } from './confusion';
import { delongInterval } from './delong';
import { delongPairedTest, delongUnpairedTest } from './delong-test';
import { nonInferiority } from './non-inferiority';
import { erfc, normalCdf, twoSidedP } from './normal-distribution';
import { chooseOperatingPoint, fixedOperatingPoint, type TuningCases } from './operating-point';
import { subgroupTable } from './subgroups';
import { wilsonProportion } from './wilson';

describe('the normal distribution', () => {
  // scipy.special.erfc.
  it.each([
    [-3, 1.9999779095030015],
    [0, 1],
    [1e-10, 0.999999999887162],
    [0.3, 0.6713732405408726],
    [1, 0.15729920705028516],
    [2.4999, 0.0004071699003334512],
    [2.5, 0.00040695201744495886],
    [3, 2.2090496998585445e-5],
    [5, 1.5374597944280347e-12],
    [10, 2.0884875837625446e-45],
    [26, 5.663192408856145e-296],
  ])('erfc(%d)', (x, expected) => {
    expect(Math.abs(erfc(x) / expected - 1)).toBeLessThan(2e-12);
  });

  it('has the usual p values', () => {
    expect(twoSidedP(1.959963984540054)).toBeCloseTo(0.05, 12);
    expect(normalCdf(-1.959963984540054)).toBeCloseTo(0.025, 12);
    expect(twoSidedP(-2)).toBe(twoSidedP(2));
  });
});

describe('Wilson', () => {
  // scipy.stats.binomtest(k, n).proportion_ci(method='wilson').
  it.each([
    [0, 10, 0.95, 0, 0.27753279986288926],
    [10, 10, 0.95, 0.7224672001371109, 1],
    [1, 10, 0.95, 0.017876213095072896, 0.4041500267952385],
    [81, 263, 0.95, 0.2552885198782742, 0.36620957698280004],
    [15, 148, 0.95, 0.06238639953073629, 0.16048724172330803],
    [1, 1, 0.95, 0.20654931437723745, 1],
    [45, 50, 0.99, 0.7402692104043159, 0.9660091162215817],
  ])('%d of %d at %d', (successes, trials, confidence, lower, upper) => {
    const proportion = wilsonProportion(successes, trials, confidence);
    expect(proportion.lower).toBeCloseTo(lower, 12);
    expect(proportion.upper).toBeCloseTo(upper, 12);
  });

  it('has nothing to say about no trials', () => {
    expect(wilsonProportion(0, 0)).toEqual({ value: null, lower: null, upper: null, successes: 0, trials: 0 });
  });
});

describe('confusion', () => {
  const cases = { labels: [1, 1, 1, 0, 0, 0, 0], scores: [0.9, 0.5, 0.2, 0.5, 0.4, 0.1, 0.1] };

  it('calls a score on the threshold positive', () => {
    const matrix = confusionMatrix(cases, 0.5);
    expect(matrix).toEqual({ truePositives: 2, falsePositives: 1, trueNegatives: 3, falseNegatives: 1 });
    const { sensitivity, specificity, ppv, npv, accuracy, f1 } = classificationMetrics(matrix);
    expect([sensitivity, specificity, ppv, npv, accuracy, f1].map(({ value }) => value)).toEqual(
      [2 / 3, 3 / 4, 2 / 3, 3 / 4, 5 / 7, 2 / 3].map((x) => expect.closeTo(x, 12) as number),
    );
    // F1's interval: Wilson's for 2 of 4, through 2 s / (1 + s).
    const s = wilsonProportion(2, 4);
    expect(f1.lower).toBeCloseTo((2 * s.lower!) / (1 + s.lower!), 12);
    expect(f1.upper).toBeCloseTo((2 * s.upper!) / (1 + s.upper!), 12);
  });

  it('leaves a measure without cases open', () => {
    const metrics = classificationMetrics(confusionMatrix(cases, 2));
    expect(metrics.ppv.value).toBeNull();
    expect(metrics.sensitivity.value).toBe(0);
    expect(metrics.f1.value).toBe(0);
  });
});

describe('calibration', () => {
  const cases = { labels: [0, 1, 0, 1, 1, 1], scores: [0, 0.1, 0.25, 0.55, 0.95, 1] };

  it('bins by probability, the last bin closed', () => {
    const { bins, expectedError, greatestError } = calibrationCurve(cases, { bins: 2 });
    expect(bins.map((bin) => [bin.from, bin.to, bin.cases, bin.observed.value])).toEqual([
      [0, 0.5, 3, 1 / 3],
      [0.5, 1, 3, 1],
    ]);
    expect(bins.map((bin) => bin.meanProbability)).toEqual([expect.closeTo(0.35 / 3), expect.closeTo(2.5 / 3)]);
    const gaps = [1 / 3 - 0.35 / 3, 1 - 2.5 / 3];
    expect(expectedError).toBeCloseTo((gaps[0]! + gaps[1]!) / 2, 12);
    expect(greatestError).toBeCloseTo(gaps[0]!, 12);
  });

  it('leaves empty bins out and can bin by number', () => {
    expect(calibrationCurve(cases).bins.map(({ from }) => from)).toEqual([0, 0.1, 0.2, 0.5, 0.9]);
    const { bins } = calibrationCurve(cases, { bins: 3, strategy: 'quantile' });
    expect(bins.map((bin) => [bin.from, bin.to, bin.cases])).toEqual([
      [0, 0.1, 2],
      [0.25, 0.55, 2],
      [0.95, 1, 2],
    ]);
  });
});

describe('operating points', () => {
  const tuning: TuningCases = {
    purpose: 'validation',
    name: 'site a',
    labels: [1, 1, 1, 1, 0, 0, 0, 0, 0],
    scores: [0.9, 0.8, 0.5, 0.3, 0.7, 0.5, 0.4, 0.2, 0.1],
  };

  it('keeps a fixed threshold', () => {
    expect(fixedOperatingPoint(0.5)).toEqual({ threshold: 0.5, rule: { type: 'fixed' }, chosenOn: null });
  });

  it('takes the largest Youden index, of equals the highest threshold', () => {
    const point = chooseOperatingPoint({ type: 'youden' }, tuning);
    expect(point.threshold).toBe(0.8);
    expect(point.chosenOn).toEqual({
      purpose: 'validation',
      name: 'site a',
      cases: 9,
      sensitivity: 0.5,
      specificity: 1,
    });
    const tie = { ...tuning, labels: [1, 0, 1, 0], scores: [4, 3, 2, 1] };
    expect(chooseOperatingPoint({ type: 'youden' }, tie).threshold).toBe(4);
  });

  it('reaches a sensitivity with the highest and a specificity with the lowest threshold', () => {
    const at = (type: 'sensitivity' | 'specificity', atLeast: number): number =>
      chooseOperatingPoint({ type, atLeast }, tuning).threshold;
    expect(at('sensitivity', 0.75)).toBe(0.5);
    expect(at('sensitivity', 0.76)).toBe(0.3);
    expect(at('sensitivity', 1)).toBe(0.3);
    expect(at('specificity', 1)).toBe(0.8);
    expect(at('specificity', 0.6)).toBe(0.5);
    expect(at('specificity', 0.8)).toBe(0.7);
    const chosen = chooseOperatingPoint({ type: 'sensitivity', atLeast: 0.75 }, tuning);
    const matrix = confusionMatrix(tuning, chosen.threshold);
    expect(classificationMetrics(matrix).sensitivity.value).toBe(chosen.chosenOn?.sensitivity);
    expect(classificationMetrics(matrix).specificity.value).toBe(chosen.chosenOn?.specificity);
  });
});

describe('subgroups', () => {
  const cases = { labels: [1, 0, 1, 0, 1, 0, 1], scores: [0.9, 0.2, 0.6, 0.7, 0.8, 0.1, 0.4] };
  const groups = ['m', 'm', 'm', 'm', 'f', 'f', ''];

  it('gives each group its own measures, without an AUC where a class is too small', () => {
    const { rows, suppressed } = subgroupTable(cases, groups, { threshold: 0.5 });
    expect(suppressed).toEqual([]);
    expect(rows.map(({ group, positives, negatives, auc }) => [group, positives, negatives, auc?.auc])).toEqual([
      ['(unknown)', 1, 0, undefined],
      ['f', 1, 1, undefined],
      ['m', 2, 2, 0.75],
    ]);
    expect(rows[2]!.metrics.specificity).toMatchObject({ value: 0.5, successes: 1, trials: 2 });
  });

  it('suppresses small groups', () => {
    const { rows, suppressed } = subgroupTable(cases, groups, { threshold: 0.5, smallest: 3 });
    expect(rows.map(({ group }) => group)).toEqual(['m']);
    expect(suppressed).toEqual(['(unknown)', 'f']);
  });
});

describe('intervals and tests at the edges', () => {
  const perfect = { labels: [0, 0, 1, 1], scores: [1, 2, 3, 4] };

  it('gives a perfect model a zero variance, and the test no verdict where it has none', () => {
    expect(delongInterval(perfect)).toMatchObject({ auc: 1, variance: 0, lower: 1, upper: 1 });
    expect(delongInterval(perfect, { method: 'logit' })).toMatchObject({ lower: 1, upper: 1 });
    const test = delongPairedTest({ labels: perfect.labels, scoresA: perfect.scores, scoresB: [4, 3, 2, 1] });
    expect(test).toMatchObject({ difference: 1, standardError: 0, z: null, p: null });
  });

  it('keeps the logit interval inside (0, 1) and around the AUC', () => {
    const cases = { labels: [0, 0, 0, 0, 1, 1, 1, 1, 1], scores: [0.1, 0.4, 0.35, 0.8, 0.4, 0.7, 0.9, 0.65, 0.3] };
    const { auc, standardError, lower, upper } = delongInterval(cases, { method: 'logit' });
    expect(upper).toBeLessThan(1);
    expect(lower).toBeLessThan(auc);
    const logit = (p: number): number => Math.log(p / (1 - p));
    expect(logit(upper) - logit(auc)).toBeCloseTo((1.959963984540054 * standardError) / (auc * (1 - auc)), 10);
    expect(logit(auc) - logit(lower)).toBeCloseTo(logit(upper) - logit(auc), 10);
  });

  it('compares independent sets with the sum of the variances', () => {
    const a = { labels: [0, 0, 0, 1, 1], scores: [1, 3, 2, 2, 4] };
    const b = { labels: [0, 0, 1, 1, 1], scores: [1, 3, 2, 2, 4] };
    const test = delongUnpairedTest(a, b);
    expect(test.standardError ** 2).toBeCloseTo(delongInterval(a).variance + delongInterval(b).variance, 14);
    expect(test.covariance).toBe(0);
  });

  it('holds a candidate to the margin', () => {
    expect(nonInferiority({ difference: -0.01, standardError: 0.01 }, 0.05)).toMatchObject({ holds: true });
    expect(nonInferiority({ difference: -0.04, standardError: 0.01 }, 0.05)).toMatchObject({ holds: false });
    // At the bound itself p is one minus the confidence.
    const bound = nonInferiority({ difference: 1.959963984540054 * 0.01 - 0.05, standardError: 0.01 }, 0.05);
    expect(bound.lowerBound).toBeCloseTo(-0.05, 12);
    expect(bound.p).toBeCloseTo(0.025, 12);
    expect(nonInferiority({ difference: 0, standardError: 0 }, 0.01)).toMatchObject({ holds: true, p: null });
  });
});
