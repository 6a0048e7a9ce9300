import { descendingOrder } from './score-groups';
import { checkProbabilities, type ScoredCases } from './scored-cases';
import { EvaluationError } from './evaluation.errors';
import { type Proportion, wilsonProportion } from './wilson';

/** Mean squared difference of probability and label. @throws EvaluationError also `EVAL.NOT_PROBABILITY`. */
export function brierScore(labels: ArrayLike<number>, probabilities: ArrayLike<number>): number {
  const { cases } = checkProbabilities({ labels, scores: probabilities });
  let sum = 0;
  for (let i = 0; i < cases; i++) sum += ((probabilities[i] ?? 0) - (labels[i] ?? 0)) ** 2;
  return sum / cases;
}

export interface CalibrationBin {
  /** Bounds of the bin's probabilities; for quantile bins the least and the greatest in it. */
  readonly from: number;
  readonly to: number;
  readonly cases: number;
  readonly meanProbability: number;
  /** Share of positive cases with its Wilson interval. */
  readonly observed: Proportion;
}

export interface CalibrationCurve {
  /** Bins that hold cases, lowest probability first. */
  readonly bins: readonly CalibrationBin[];
  /** Expected calibration error: mean of |observed - mean probability| weighted by cases (Naeini et al., AAAI 2015). */
  readonly expectedError: number;
  /** Greatest |observed - mean probability|. */
  readonly greatestError: number;
}

export interface CalibrationOptions {
  /** Default 10. */
  readonly bins?: number;
  /** `uniform` (default): equal widths over [0, 1]. `quantile`: equal numbers of cases; equal probabilities may part. */
  readonly strategy?: 'uniform' | 'quantile';
  /** Of the Wilson intervals; default 0.95. */
  readonly confidence?: number;
}

/**
 * Reliability curve: cases grouped by predicted probability, observed share of positives beside the mean prediction.
 *
 * @throws EvaluationError `EVAL.NOT_PROBABILITY`, `EVAL.BAD_OPTION`, and those of `checkCases`.
 */
export function calibrationCurve(cases: ScoredCases, options: CalibrationOptions = {}): CalibrationCurve {
  const { bins: count = 10, strategy = 'uniform', confidence = 0.95 } = options;
  const total = checkProbabilities(cases).cases;
  if (!Number.isInteger(count) || count < 1 || count > 1000) {
    throw new EvaluationError('EVAL.BAD_OPTION', `expected 1 to 1000 bins, got ${count}`);
  }
  const ascending = descendingOrder(cases.scores).reverse();
  const members = Array.from({ length: count }, (): number[] => []);
  ascending.forEach((i, rank) => {
    const position = strategy === 'uniform' ? (cases.scores[i] ?? 0) * count : (rank / total) * count;
    // Probability 1 belongs to the last bin.
    members[Math.min(count - 1, Math.floor(position))]?.push(i);
  });
  const bins = members.flatMap((indices, k): CalibrationBin[] => {
    if (indices.length === 0) return [];
    const probability = (i: number | undefined): number => cases.scores[i ?? 0] ?? 0;
    const positives = indices.reduce((sum, i) => sum + (cases.labels[i] ?? 0), 0);
    const isUniform = strategy === 'uniform';
    return [
      {
        from: isUniform ? k / count : probability(indices[0]),
        to: isUniform ? (k + 1) / count : probability(indices.at(-1)),
        cases: indices.length,
        meanProbability: indices.reduce((sum, i) => sum + probability(i), 0) / indices.length,
        observed: wilsonProportion(positives, indices.length, confidence),
      },
    ];
  });
  const gaps = bins.map(({ observed, meanProbability }) => Math.abs((observed.value ?? 0) - meanProbability));
  return {
    bins,
    expectedError: bins.reduce((sum, bin, k) => sum + (bin.cases * (gaps[k] ?? 0)) / total, 0),
    greatestError: Math.max(...gaps),
  };
}
