import { createRng, type Rng } from '@fedistl/core';
import { bootstrap, type BootstrapInterval } from './bootstrap';
import { type ScoresTable } from './csv/scores-csv';
import { type AucComparison, delongPairedTest } from './delong-test';
import { EvaluationError } from './evaluation.errors';
import {
  chooseOperatingPoint,
  fixedOperatingPoint,
  type OperatingPoint,
  type OperatingRule,
  type TuningCases,
} from './operating-point';
import { scoreStatistics, type ScoreStatistics } from './score-statistics';
import { checkCases, type ClassCounts } from './scored-cases';
import { type SubgroupTable, subgroupTable } from './subgroups';
import { aucStatistic, differenceStatistic } from './weighted-statistics';

/** Labelled cases to choose thresholds on, as a table of the same models' scores. */
export interface TuningTable {
  readonly table: ScoresTable;
  readonly purpose: TuningCases['purpose'];
  readonly name: string;
}

export interface TableOptions {
  /** Thresholds set beforehand; default 0.5. Subgroups are judged at the first operating point. */
  readonly thresholds?: readonly number[];
  /** Rules by which to choose further thresholds, on `tuning`. */
  readonly rules?: readonly OperatingRule[];
  readonly tuning?: TuningTable;
  /** Of the bootstrap; default 1. */
  readonly seed?: number | string;
  readonly resamples?: number;
  readonly confidence?: number;
  /** Subgroups of fewer cases are suppressed; default 1. */
  readonly smallestGroup?: number;
}

export interface TableStatistics extends ClassCounts {
  readonly patients: number;
  readonly seed: number | string;
  readonly score: ScoreStatistics;
  /** `null` without a column `score2`, as is `comparison`. */
  readonly score2: ScoreStatistics | null;
  /** `score` minus `score2`. */
  readonly comparison: (AucComparison & { readonly bootstrap: BootstrapInterval }) | null;
  /** One table for each column `group:NAME`, of `score`. */
  readonly subgroups: Readonly<Record<string, SubgroupTable>>;
}

/**
 * Every statistic of a table of scores (`fedistl metrics`).
 *
 * @throws EvaluationError as the single statistics; `EVAL.NO_TUNING_CASES` when a rule is given and no tuning table, or one
 *   without the scores of the second model.
 */
export function tableStatistics(table: ScoresTable, options: TableOptions = {}): TableStatistics {
  const { labels, scores, scores2, groups } = table;
  const { seed = 1, confidence = 0.95, resamples = 2000, smallestGroup = 1 } = options;
  const counts = checkCases({ labels, scores });
  const patients = table.patients ?? Array.from(labels, (_, i) => String(i));
  const rng = createRng(seed).stream('bootstrap');
  const points = operatingPoints(options, options.tuning?.table.scores);
  const shared = { patients, resamples, confidence };
  return {
    ...counts,
    patients: new Set(patients).size,
    seed,
    score: scoreStatistics({ labels, scores }, { ...shared, operatingPoints: points, rng }),
    score2:
      scores2 &&
      scoreStatistics(
        { labels, scores: scores2 },
        { ...shared, operatingPoints: operatingPoints(options, options.tuning?.table.scores2), rng },
      ),
    comparison: scores2 && compare({ labels, scores, scores2 }, { ...shared, rng }),
    subgroups: Object.fromEntries(
      [...groups].map(([name, values]) => {
        const threshold = points[0]?.threshold ?? 0.5;
        return [name, subgroupTable({ labels, scores }, values, { threshold, confidence, smallest: smallestGroup })];
      }),
    ),
  };
}

function operatingPoints(options: TableOptions, tuningScores: ArrayLike<number> | null | undefined): OperatingPoint[] {
  const { rules = [], tuning, thresholds = rules.length > 0 ? [] : [0.5] } = options;
  const fixed = thresholds.map(fixedOperatingPoint);
  if (rules.length === 0) return fixed;
  if (!tuning || !tuningScores) {
    throw new EvaluationError(
      'EVAL.NO_TUNING_CASES',
      'expected labelled training or validation cases, with scores of each model, to choose a threshold on, got none',
    );
  }
  const { purpose, name, table } = tuning;
  const cases: TuningCases = { purpose, name, labels: table.labels, scores: tuningScores };
  return [...fixed, ...rules.map((rule) => chooseOperatingPoint(rule, cases))];
}

/** The paired test, and the bootstrap by patient of the same difference. */
function compare(
  table: { readonly labels: Uint8Array; readonly scores: Float64Array; readonly scores2: Float64Array },
  options: { readonly patients: ArrayLike<string>; readonly rng: Rng; resamples: number; confidence: number },
): NonNullable<TableStatistics['comparison']> {
  const { labels, scores, scores2 } = table;
  const { patients, rng, resamples, confidence } = options;
  const difference = differenceStatistic(aucStatistic({ labels, scores }), aucStatistic({ labels, scores: scores2 }));
  return {
    ...delongPairedTest({ labels, scoresA: scores, scoresB: scores2 }, confidence),
    bootstrap: bootstrap(patients, difference, { rng: rng.stream('difference'), resamples, confidence }),
  };
}
