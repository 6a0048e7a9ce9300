import { createRng } from '@fedistl/core';
import { auc } from './auc';
import { averagePrecision } from './average-precision';
import { bootstrap } from './bootstrap';
import { brierScore, calibrationCurve } from './calibration';
import { confusionMatrix } from './confusion';
import { delongInterval } from './delong';
import { delongPairedTest, delongUnpairedTest } from './delong-test';
import { poolAuc } from './meta-analysis';
import { nonInferiority } from './non-inferiority';
import { chooseOperatingPoint, fixedOperatingPoint, type TuningCases } from './operating-point';
import { histogramAuc, histogramCalibration, poolConfusion, poolHistograms, scoreHistogram } from './pooled-counts';
import { rocCurve, youdenPoint } from './roc';
import { subgroupTable } from './subgroups';
import { wilsonProportion } from './wilson';

const code = (expected: string): Error => expect.objectContaining({ code: `EVAL.${expected}` }) as Error;

const BAD_CASES: readonly [string, number[], number[]][] = [
  ['EMPTY', [], []],
  ['LENGTH_MISMATCH', [0, 1], [0.5]],
  ['BAD_LABEL', [0, 2], [0.1, 0.2]],
  ['BAD_LABEL', [0, Number.NaN], [0.1, 0.2]],
  ['BAD_LABEL', [0.5, 1], [0.1, 0.2]],
  ['BAD_SCORE', [0, 1], [0.1, Number.NaN]],
  ['BAD_SCORE', [0, 1], [Infinity, 0.1]],
  ['ONE_CLASS', [1, 1], [0.1, 0.2]],
  ['ONE_CLASS', [0, 0], [0.1, 0.2]],
];

describe('bad cases are refused by every statistic that needs two classes', () => {
  it.each(BAD_CASES)('%s: labels %j, scores %j', (expected, labels, scores) => {
    const cases = { labels, scores };
    const tuning: TuningCases = { ...cases, purpose: 'validation', name: 'v' };
    expect(() => auc(labels, scores)).toThrow(code(expected));
    expect(() => rocCurve(cases)).toThrow(code(expected));
    expect(() => youdenPoint(cases)).toThrow(code(expected));
    expect(() => delongInterval(cases)).toThrow(code(expected));
    expect(() => delongPairedTest({ labels, scoresA: scores, scoresB: scores })).toThrow(code(expected));
    expect(() => delongUnpairedTest({ labels: [0, 1, 0, 1], scores: [1, 2, 3, 4] }, cases)).toThrow(code(expected));
    expect(() => chooseOperatingPoint({ type: 'sensitivity', atLeast: 0.9 }, tuning)).toThrow(code(expected));
    if (expected === 'ONE_CLASS') return;
    expect(() => averagePrecision(labels, scores)).toThrow(code(expected));
    expect(() => brierScore(labels, scores)).toThrow(code(expected));
    expect(() => confusionMatrix(cases, 0.5)).toThrow(code(expected));
    expect(() => subgroupTable(cases, labels.map(String), { threshold: 0.5 })).toThrow(code(expected));
  });
});

describe('other refusals', () => {
  const cases = { labels: [0, 1, 0, 1], scores: [0.1, 0.8, 0.4, 0.6] };
  const one = { labels: [0, 1], scores: [0.1, 0.8] };
  const tuning: TuningCases = { ...cases, purpose: 'validation', name: 'v' };
  const rng = createRng(1);
  const patients = ['a', 'b', 'c', 'd'];

  it.each<[string, () => unknown]>([
    ['ONE_CLASS', () => averagePrecision([0, 0], [0.1, 0.2])],
    ['TOO_FEW', () => delongInterval(one)],
    ['BAD_OPTION', () => delongInterval(cases, { confidence: 1 })],
    ['BAD_OPTION', () => delongInterval(cases, { confidence: Number.NaN })],
    ['NOT_PROBABILITY', () => brierScore([0, 1], [0.5, 1.5])],
    ['NOT_PROBABILITY', () => calibrationCurve({ labels: [0, 1], scores: [-0.1, 1] })],
    ['BAD_OPTION', () => calibrationCurve(cases, { bins: 0 })],
    ['BAD_OPTION', () => confusionMatrix(cases, Number.NaN)],
    ['BAD_OPTION', () => fixedOperatingPoint(Infinity)],
    ['TUNING_ON_TEST', () => chooseOperatingPoint({ type: 'youden' }, { ...tuning, purpose: 'test' as 'training' })],
    ['BAD_OPTION', () => chooseOperatingPoint({ type: 'sensitivity', atLeast: 1.2 }, tuning)],
    ['BAD_OPTION', () => chooseOperatingPoint({ type: 'specificity', atLeast: 0 }, tuning)],
    [
      'UNREACHABLE_TARGET',
      () => chooseOperatingPoint({ type: 'specificity', atLeast: 0.9 }, { ...tuning, scores: [0.9, 0.1, 0.2, 0.3] }),
    ],
    ['LENGTH_MISMATCH', () => subgroupTable(cases, ['m'], { threshold: 0.5 })],
    ['BAD_OPTION', () => wilsonProportion(3, 2)],
    ['BAD_OPTION', () => wilsonProportion(-1, 2)],
    ['BAD_OPTION', () => wilsonProportion(0.5, 2)],
    ['EMPTY', () => bootstrap([], () => 1, { rng })],
    ['BAD_OPTION', () => bootstrap(patients, () => 1, { rng, resamples: 10 })],
    ['UNDEFINED', () => bootstrap(patients, () => undefined, { rng })],
    ['UNDEFINED', () => bootstrap(patients, (w) => (w.every((x) => x === 1) ? 1 : undefined), { rng, resamples: 100 })],
    ['EMPTY', () => poolAuc([])],
    ['BAD_SITE_RESULT', () => poolAuc([{ site: 'a', auc: 1, standardError: 0.1 }])],
    ['BAD_SITE_RESULT', () => poolAuc([{ site: 'a', auc: 0.9, standardError: 0 }])],
    ['BAD_SITE_RESULT', () => poolAuc([{ site: 'a', auc: Number.NaN, standardError: 0.1 }])],
    ['EMPTY', () => poolConfusion([])],
    [
      'BAD_SITE_RESULT',
      () => poolConfusion([{ truePositives: -1, falsePositives: 0, trueNegatives: 0, falseNegatives: 0 }]),
    ],
    ['EMPTY', () => poolHistograms([])],
    ['LENGTH_MISMATCH', () => poolHistograms([scoreHistogram(cases, 4), scoreHistogram(cases, 5)])],
    ['BAD_SITE_RESULT', () => poolHistograms([{ positives: [1.5], negatives: [0], scoreSums: [0] }])],
    ['ONE_CLASS', () => histogramAuc({ positives: [1, 0], negatives: [0, 0], scoreSums: [0, 0] })],
    ['BAD_OPTION', () => scoreHistogram(cases, 1)],
    ['BAD_OPTION', () => histogramCalibration(scoreHistogram(cases, 10), 3)],
    ['BAD_OPTION', () => nonInferiority({ difference: 0, standardError: 0.1 }, -0.1)],
    ['BAD_OPTION', () => nonInferiority({ difference: Number.NaN, standardError: 0.1 }, 0.1)],
  ])('%s: %s', (expected, act) => {
    expect(act).toThrow(code(expected));
  });
});
