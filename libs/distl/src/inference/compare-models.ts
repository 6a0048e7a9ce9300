import { type ComparisonRecord } from '@fedistl/evaluation';
import { type ScoredModel, scoreModel } from './evaluate-model';
import { type EvaluationSettings, originOf } from './evaluation-settings';
import { labelledCases } from './labelled-cases';
import { modelPairs } from './model-pairs';
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
    pairs: modelPairs(
      scored.map(({ scores }) => scores),
      cases.labels,
      confidence,
    ),
  };
}
