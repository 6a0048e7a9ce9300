export { auc } from './auc';
export { averagePrecision, precisionRecallCurve, type PrecisionRecallPoint } from './average-precision';
export {
  bootstrap,
  type BootstrapInterval,
  type BootstrapOptions,
  casesByPatient,
  type WeightedStatistic,
} from './bootstrap';
export {
  brierScore,
  type CalibrationBin,
  calibrationCurve,
  type CalibrationCurve,
  type CalibrationOptions,
} from './calibration';
export { type ClassificationMetrics, classificationMetrics, type ConfusionMatrix, confusionMatrix } from './confusion';
export { type AucInterval, type AucIntervalOptions, delongInterval } from './delong';
export { type AucComparison, delongPairedTest, delongUnpairedTest, type PairedScores } from './delong-test';
export { EvaluationError } from './evaluation.errors';
export { type PooledAuc, poolAuc, type SiteAuc } from './meta-analysis';
export { type NonInferiority, nonInferiority } from './non-inferiority';
export {
  chooseOperatingPoint,
  fixedOperatingPoint,
  type OperatingPoint,
  type OperatingRule,
  type TuningCases,
} from './operating-point';
export {
  histogramAuc,
  histogramCalibration,
  poolConfusion,
  poolHistograms,
  scoreHistogram,
  type ScoreHistogram,
} from './pooled-counts';
export { rocCurve, type RocPoint, youdenPoint, type YoudenPoint } from './roc';
export { checkCases, type ClassCounts, type ScoredCases } from './scored-cases';
export { type SubgroupOptions, type SubgroupRow, subgroupTable, type SubgroupTable } from './subgroups';
export {
  aucStatistic,
  averagePrecisionStatistic,
  brierStatistic,
  calledPositiveStatistic,
  differenceStatistic,
} from './weighted-statistics';
export { type MeanInterval, meanInterval } from './student-t';
export { type Proportion, wilsonProportion } from './wilson';
export { parseScoresCsv, type ScoresTable } from './csv/scores-csv';
export { ScoresCsvError } from './csv/scores-csv.errors';
export { type JudgedPoint, scoreStatistics, type ScoreStatistics, type StatisticsOptions } from './score-statistics';
export { type TableOptions, tableStatistics, type TableStatistics, type TuningTable } from './table-statistics';
export { calibrationFigure, type CalibrationSeries } from './figures/calibration-figure';
export { confusionFigure, type ConfusionFigureOptions } from './figures/confusion-figure';
export { rocFigure, type RocSeries } from './figures/roc-figure';
export { scoreHistogramFigure, type ScoreHistogramOptions } from './figures/score-histogram-figure';
export { comparisonFigures, comparisonReport } from './report/comparison-report';
export { evaluationFigures, evaluationReport } from './report/evaluation-report';
export { holmAdjusted } from './report/holm';
export {
  type ComparisonRecord,
  type EvaluationRecord,
  type ReportedData,
  type ReportedModel,
  type ReportedPair,
  type ReportedPreprocessing,
  type ReportOrigin,
  type StressCell,
  type StressRecord,
} from './report/report-types';
export { safeSubgroupTable } from './report/safe-subgroups';
export { reproductionFigures, reproductionReport, type ReproductionTime } from './report/reproduction-report';
export { convergenceNote, reproductionCells, reproductionCsv, reproductionMarkdown } from './report/reproduction-table';
export { type ReproductionRecord, type ReproductionRow } from './report/reproduction-types';
export { stressFigure } from './report/stress-figure';
export { stressReport } from './report/stress-report';
