import { type Rng } from '@fedistl/core';
import { averagePrecision } from './average-precision';
import { bootstrap, type BootstrapInterval } from './bootstrap';
import { brierScore, type CalibrationCurve, calibrationCurve } from './calibration';
import { type ClassificationMetrics, classificationMetrics, type ConfusionMatrix, confusionMatrix } from './confusion';
import { type AucInterval, delongInterval } from './delong';
import { type OperatingPoint } from './operating-point';
import { rocCurve, type RocPoint, youdenPoint, type YoudenPoint } from './roc';
import { type ScoredCases } from './scored-cases';
import { aucStatistic, averagePrecisionStatistic, brierStatistic } from './weighted-statistics';

export interface StatisticsOptions {
  /** Thresholds to judge, each fixed or chosen on other cases. */
  readonly operatingPoints: readonly OperatingPoint[];
  /** One for each case; the bootstrap's unit. */
  readonly patients: ArrayLike<string>;
  /** Stream of the bootstrap; the same stream gives the same resamples. */
  readonly rng: Rng;
  /** Default 2000. */
  readonly resamples?: number;
  /** Default 0.95. */
  readonly confidence?: number;
}

/** How one threshold does on the cases. */
export interface JudgedPoint extends OperatingPoint {
  readonly confusion: ConfusionMatrix;
  readonly metrics: ClassificationMetrics;
}

/** Everything that can be said of one model's scores on one set; plain JSON. */
export interface ScoreStatistics {
  readonly auc: AucInterval & { readonly logit: { readonly lower: number; readonly upper: number } };
  readonly averagePrecision: number;
  /** `null` when the scores are not all probabilities in [0, 1]. */
  readonly brier: number | null;
  /** `null` as `brier`. Ten bins of equal width. */
  readonly calibration: CalibrationCurve | null;
  /** Describes this set's ROC curve; not a threshold to be used on these cases. */
  readonly youden: YoudenPoint;
  readonly operatingPoints: readonly JudgedPoint[];
  readonly roc: readonly RocPoint[];
  /** By patient. */
  readonly bootstrap: {
    readonly auc: BootstrapInterval;
    readonly averagePrecision: BootstrapInterval;
    readonly brier: BootstrapInterval | null;
  };
}

/**
 * All statistics of one model's scores.
 *
 * @throws EvaluationError as the single statistics: `EVAL.ONE_CLASS`, `EVAL.TOO_FEW`, `EVAL.UNDEFINED`, ...
 */
export function scoreStatistics(cases: ScoredCases, options: StatisticsOptions): ScoreStatistics {
  const { operatingPoints, patients, rng, resamples = 2000, confidence = 0.95 } = options;
  const interval = delongInterval(cases, { confidence });
  const { lower, upper } = delongInterval(cases, { confidence, method: 'logit' });
  const areProbabilities = Array.from(cases.scores).every((score) => score >= 0 && score <= 1);
  const resample = (name: string, statistic: Parameters<typeof bootstrap>[1]): BootstrapInterval =>
    bootstrap(patients, statistic, { rng: rng.stream(name), resamples, confidence });
  return {
    auc: { ...interval, logit: { lower, upper } },
    averagePrecision: averagePrecision(cases.labels, cases.scores),
    brier: areProbabilities ? brierScore(cases.labels, cases.scores) : null,
    calibration: areProbabilities ? calibrationCurve(cases, { confidence }) : null,
    youden: youdenPoint(cases),
    operatingPoints: operatingPoints.map((point) => {
      const confusion = confusionMatrix(cases, point.threshold);
      return { ...point, confusion, metrics: classificationMetrics(confusion, confidence) };
    }),
    roc: rocCurve(cases),
    bootstrap: {
      auc: resample('auc', aucStatistic(cases)),
      averagePrecision: resample('averagePrecision', averagePrecisionStatistic(cases)),
      brier: areProbabilities ? resample('brier', brierStatistic(cases)) : null,
    },
  };
}
