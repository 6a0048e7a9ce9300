import { createRng } from '@fedistl/core';
import {
  type EvaluationRecord,
  safeSubgroupTable,
  type ScoredCases,
  scoreStatistics,
  type ScoreStatistics,
} from '@fedistl/evaluation';
import { type EvaluationSettings, originOf } from './evaluation-settings';
import { type LabelledCases, labelledCases } from './labelled-cases';
import { checkTuning, operatingPointsFor } from './operating-points';
import { type PreparedModel, reportedData, reportedModel } from './reported-facts';
import { scoreSource } from './score-cases';
import { Scorer } from './scorer';

export interface EvaluatedModel {
  readonly record: EvaluationRecord;
  /** Labels and scores that the record's statistics are of. */
  readonly cases: ScoredCases;
}

/** One model's scores of a set, and all statistics of them. */
export interface ScoredModel {
  readonly scores: Float64Array;
  readonly statistics: ScoreStatistics;
}

/**
 * Scores the cases by a model, at operating points set beforehand or chosen on other images.
 *
 * @throws as `Scorer.open`, `operatingPointsFor`, `scoreStatistics`
 */
export async function scoreModel(
  prepared: PreparedModel,
  cases: LabelledCases,
  settings: EvaluationSettings,
): Promise<ScoredModel> {
  const { engine, seed, resamples, confidence, batch, onImage } = settings;
  const { model, preprocessing, finding } = prepared;
  const scorer = await Scorer.open({ engine, model, preprocessing, finding, batch });
  try {
    const operatingPoints = await operatingPointsFor(scorer, settings);
    const scores = await scoreSource(scorer, cases.selection.viewSource(), onImage);
    const statistics = scoreStatistics(
      { labels: cases.labels, scores },
      {
        operatingPoints,
        patients: cases.patients,
        rng: createRng(seed).stream('bootstrap'),
        resamples,
        confidence,
      },
    );
    return { scores, statistics };
  } finally {
    await scorer.dispose();
  }
}

/**
 * One model on one split of a data set: statistics, subgroups and what a report says about both.
 *
 * @param smallestGroup subgroups of fewer cases are suppressed
 * @throws InferenceError, EvaluationError, DatasetError, VitError; see docs/errors/evaluate.md
 */
export async function evaluateModel(
  prepared: PreparedModel,
  settings: EvaluationSettings & { readonly smallestGroup: number },
): Promise<EvaluatedModel> {
  const { dataSet, split, confidence, smallestGroup: smallest } = settings;
  checkTuning(settings);
  const cases = labelledCases(dataSet, split);
  const { scores, statistics } = await scoreModel(prepared, cases, settings);
  const scored = { labels: cases.labels, scores };
  const threshold = statistics.operatingPoints[0]?.threshold ?? 0.5;
  const tables = Object.fromEntries(
    [...cases.groups].map(([attribute, groups]) => [
      attribute,
      safeSubgroupTable(scored, groups, { threshold, confidence, smallest }),
    ]),
  );
  return {
    record: {
      format: 'fedistl.evaluation/1',
      origin: originOf(settings),
      model: reportedModel(prepared),
      data: reportedData(dataSet, cases),
      statistics,
      subgroups: { threshold, smallest, tables },
    },
    cases: scored,
  };
}
