import { delongInterval, delongPairedTest, type StressCell, type StressRecord } from '@fedistl/evaluation';
import { STRESSES, stressedSource, type StressGrade, type StressKind, stressStrength } from '@fedistl/imaging';
import { type EvaluationSettings, originOf } from './evaluation-settings';
import { type LabelledCases, labelledCases } from './labelled-cases';
import { type PreparedModel, reportedData, reportedModel } from './reported-facts';
import { scoreSource } from './score-cases';
import { Scorer } from './scorer';

export interface StressSettings extends EvaluationSettings {
  readonly kinds: readonly StressKind[];
  /** From 1; grade 0 is always there. */
  readonly grades: readonly StressGrade[];
}

/**
 * AUC of each model under graded nuisances, the same pixels for all of them, and its change from the images as they are.
 *
 * @throws as `evaluateModel`
 */
export async function stressModels(models: readonly PreparedModel[], settings: StressSettings): Promise<StressRecord> {
  const { dataSet, split, kinds, grades } = settings;
  const cases = labelledCases(dataSet, split);
  const cells: StressCell[] = [];
  for (const [place, prepared] of models.entries())
    cells.push(...(await stressModel(place, prepared, cases, settings)));
  return {
    format: 'fedistl.stress/1',
    origin: originOf(settings),
    data: reportedData(dataSet, cases),
    models: models.map(reportedModel),
    kinds: kinds.map((kind) => ({ kind, title: STRESSES[kind].title, strength: STRESSES[kind].strength })),
    grades,
    cells,
  };
}

/** Images that `stressModels` scores. */
export function stressedImages(models: number, { dataSet, split, kinds, grades }: StressSettings): number {
  return models * (1 + kinds.length * grades.length) * dataSet.select({ split, label: 'known' }).length;
}

async function stressModel(
  place: number,
  { model, preprocessing, finding }: PreparedModel,
  { selection, labels }: LabelledCases,
  { engine, batch, seed, confidence, kinds, grades, onImage }: StressSettings,
): Promise<StressCell[]> {
  const scorer = await Scorer.open({ engine, model, preprocessing, finding, batch });
  try {
    const source = selection.viewSource();
    const untouched = await scoreSource(scorer, source, onImage);
    const cell = (kind: StressKind, grade: StressGrade, scores: Float64Array): StressCell => {
      const { auc, lower, upper } = delongInterval({ labels, scores }, { confidence });
      const change = grade === 0 ? null : delongPairedTest({ labels, scoresA: scores, scoresB: untouched }, confidence);
      return { model: place, kind, grade, strength: stressStrength(kind, grade), auc, lower, upper, change };
    };
    const cells: StressCell[] = kinds.map((kind) => cell(kind, 0, untouched));
    for (const kind of kinds) {
      for (const grade of grades) {
        const scores = await scoreSource(scorer, stressedSource(source, { kind, grade }, seed), onImage);
        cells.push(cell(kind, grade, scores));
      }
    }
    return cells;
  } finally {
    await scorer.dispose();
  }
}
