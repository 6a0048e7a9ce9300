import { aucOfCounts } from './auc';
import { type CalibrationCurve } from './calibration';
import { type ConfusionMatrix } from './confusion';
import { EvaluationError } from './evaluation.errors';
import { checkProbabilities, type ScoredCases } from './scored-cases';
import { wilsonProportion } from './wilson';

/**
 * Counts of a site's cases by score, over equal bins of [0, 1]: what a site can give away so that a consortium draws one ROC
 * and one calibration curve, without a score of any one case.
 */
export interface ScoreHistogram {
  /** Cases of label 1 for each bin, lowest scores first. */
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
  /** Sum of the scores in each bin, both classes together. */
  readonly scoreSums: readonly number[];
}

/** @throws EvaluationError `EVAL.NOT_PROBABILITY`, `EVAL.BAD_OPTION` (bins), and those of `checkCases`. */
export function scoreHistogram(cases: ScoredCases, bins = 100): ScoreHistogram {
  checkProbabilities(cases);
  if (!Number.isInteger(bins) || bins < 2 || bins > 100_000) {
    throw new EvaluationError('EVAL.BAD_OPTION', `expected 2 to 100000 bins, got ${bins}`);
  }
  const [positives, negatives, scoreSums] = [0, 1, 2].map(() => new Array<number>(bins).fill(0)) as [
    number[],
    number[],
    number[],
  ];
  for (let i = 0; i < cases.labels.length; i++) {
    const score = cases.scores[i] ?? 0;
    // Score 1 belongs to the last bin.
    const bin = Math.min(bins - 1, Math.floor(score * bins));
    const counts = cases.labels[i] === 1 ? positives : negatives;
    counts[bin] = (counts[bin] ?? 0) + 1;
    scoreSums[bin] = (scoreSums[bin] ?? 0) + score;
  }
  return { positives, negatives, scoreSums };
}

const addUp = (rows: readonly (readonly number[])[], length: number): number[] =>
  Array.from({ length }, (_, bin) => rows.reduce((sum, row) => sum + (row[bin] ?? 0), 0));

/** Sums histograms of equal bins. @throws EvaluationError `EVAL.EMPTY`, `EVAL.LENGTH_MISMATCH`, `EVAL.BAD_SITE_RESULT`. */
export function poolHistograms(histograms: readonly ScoreHistogram[]): ScoreHistogram {
  const length = histograms[0]?.positives.length;
  if (length === undefined) throw new EvaluationError('EVAL.EMPTY', 'expected at least one histogram, got none');
  for (const { positives, negatives, scoreSums } of histograms) {
    if ([positives, negatives, scoreSums].some((row) => row.length !== length)) {
      throw new EvaluationError('EVAL.LENGTH_MISMATCH', `expected ${length} bins in every histogram`);
    }
    const isCount = (count: number): boolean => Number.isSafeInteger(count) && count >= 0;
    if (
      !positives.every(isCount) ||
      !negatives.every(isCount) ||
      !scoreSums.every((sum) => sum >= 0 && sum < Infinity)
    ) {
      throw new EvaluationError(
        'EVAL.BAD_SITE_RESULT',
        'expected non-negative integer counts and finite sums in a histogram',
      );
    }
  }
  return {
    positives: addUp(
      histograms.map((h) => h.positives),
      length,
    ),
    negatives: addUp(
      histograms.map((h) => h.negatives),
      length,
    ),
    scoreSums: addUp(
      histograms.map((h) => h.scoreSums),
      length,
    ),
  };
}

/**
 * AUC from a histogram. Pairs within one bin count one half; as their true order is unknown the AUC of the cases themselves
 * lies between `lowest` and `highest`.
 *
 * @throws EvaluationError `EVAL.ONE_CLASS`.
 */
export function histogramAuc({ positives, negatives }: ScoreHistogram): {
  auc: number;
  lowest: number;
  highest: number;
} {
  const total = (row: readonly number[]): number => row.reduce((sum, count) => sum + count, 0);
  const [m, n] = [total(positives), total(negatives)];
  if (m === 0 || n === 0) {
    throw new EvaluationError('EVAL.ONE_CLASS', `expected positive and negative cases, got ${m} and ${n}`);
  }
  const auc = aucOfCounts(positives.toReversed(), negatives.toReversed(), m, n);
  const half = positives.reduce((sum, count, bin) => sum + count * (negatives[bin] ?? 0), 0) / (2 * m * n);
  return { auc, lowest: Math.max(0, auc - half), highest: Math.min(1, auc + half) };
}

/**
 * Calibration curve of a histogram whose bins are merged by `perBin`, equal to `calibrationCurve` of the pooled cases with
 * bins of that width. @throws EvaluationError `EVAL.EMPTY`, `EVAL.BAD_OPTION` unless `perBin` divides the number of bins.
 */
export function histogramCalibration(histogram: ScoreHistogram, perBin: number, confidence = 0.95): CalibrationCurve {
  const length = histogram.positives.length;
  if (!Number.isInteger(perBin) || perBin < 1 || length % perBin !== 0) {
    throw new EvaluationError('EVAL.BAD_OPTION', `expected a divisor of the ${length} bins, got ${perBin}`);
  }
  const total = (row: readonly number[], bin: number): number =>
    row.slice(bin * perBin, (bin + 1) * perBin).reduce((sum, value) => sum + value, 0);
  const count = length / perBin;
  const bins = Array.from({ length: count }, (_, bin) => {
    const positives = total(histogram.positives, bin);
    const cases = positives + total(histogram.negatives, bin);
    const meanProbability = cases === 0 ? 0 : total(histogram.scoreSums, bin) / cases;
    const observed = wilsonProportion(positives, cases, confidence);
    return { from: bin / count, to: (bin + 1) / count, cases, meanProbability, observed };
  }).filter(({ cases }) => cases > 0);
  const all = bins.reduce((sum, { cases }) => sum + cases, 0);
  if (all === 0) throw new EvaluationError('EVAL.EMPTY', 'expected at least one case, got none');
  const gaps = bins.map(({ observed, meanProbability }) => Math.abs((observed.value ?? 0) - meanProbability));
  return {
    bins,
    expectedError: bins.reduce((sum, { cases }, k) => sum + (cases * (gaps[k] ?? 0)) / all, 0),
    greatestError: Math.max(...gaps),
  };
}

/** Sums confusion matrices of several sites. @throws EvaluationError `EVAL.EMPTY`, `EVAL.BAD_SITE_RESULT`. */
export function poolConfusion(matrices: readonly ConfusionMatrix[]): ConfusionMatrix {
  if (matrices.length === 0)
    throw new EvaluationError('EVAL.EMPTY', 'expected at least one confusion matrix, got none');
  const total = (key: keyof ConfusionMatrix): number =>
    matrices.reduce((sum, matrix) => {
      if (Number.isSafeInteger(matrix[key]) && matrix[key] >= 0) return sum + matrix[key];
      throw new EvaluationError(
        'EVAL.BAD_SITE_RESULT',
        `expected a non-negative integer as ${key}, got ${matrix[key]}`,
      );
    }, 0);
  return {
    truePositives: total('truePositives'),
    falsePositives: total('falsePositives'),
    trueNegatives: total('trueNegatives'),
    falseNegatives: total('falseNegatives'),
  };
}
