import { type ComparisonRecord, delongPairedTest, holmAdjusted, type ReportedPair } from '@fedistl/evaluation';
import { type ScoredModel, scoreModel } from './evaluate-model';
import { type EvaluationSettings, originOf } from './evaluation-settings';
import { type LabelledCases, labelledCases } from './labelled-cases';
import { checkTuning } from './operating-points';
import { type PreparedModel, reportedData, reportedModel } from './reported-facts';

/**
 * Several models on the same images: each one's statistics, and the paired DeLong test of every two.
 *
 * @throws as `evaluateModel`
 */
export async function compareModels(
  models: readonly PreparedModel[],
  settings: EvaluationSettings,
): Promise<ComparisonRecord> {
  checkTuning(settings);
  const { dataSet, split, confidence } = settings;
  const cases = labelledCases(dataSet, split);
  const scored: ScoredModel[] = [];
  for (const prepared of models) scored.push(await scoreModel(prepared, cases, settings));
  return {
    format: 'fedistl.comparison/1',
    origin: originOf(settings),
    data: reportedData(dataSet, cases),
    models: models.flatMap((prepared, k) => {
      const statistics = scored[k]?.statistics;
      return statistics === undefined ? [] : [{ ...reportedModel(prepared), statistics }];
    }),
    pairs: pairsOf(scored, cases, confidence),
  };
}

function pairsOf(scored: readonly ScoredModel[], { labels }: LabelledCases, confidence: number): ReportedPair[] {
  const pairs = scored.flatMap(({ scores: scoresA }, a) =>
    scored.slice(a + 1).map(({ scores: scoresB }, offset) => ({
      a,
      b: a + 1 + offset,
      ...delongPairedTest({ labels, scoresA, scoresB }, confidence),
    })),
  );
  const adjusted = holmAdjusted(pairs.map(({ p }) => p));
  return pairs.map((pair, k) => ({ ...pair, adjustedP: adjusted[k] ?? null }));
}
