import { rocFigure } from '../figures/roc-figure';
import { type ScoreStatistics } from '../score-statistics';
import { type RocPoint } from '../roc';
import { confidenceText, decimals, range } from './format-number';
import { figure, type Html, join, section, sideBySide, table } from './html';

/** Specificities at which the table reads the curve. */
const SPECIFICITIES = [0.99, 0.95, 0.9, 0.8, 0.7, 0.5] as const;

/** The ROC figure of one model. */
export function rocFigureOf(name: string, statistics: ScoreStatistics): string {
  const [point] = statistics.operatingPoints;
  const { sensitivity, specificity } = point?.metrics ?? {};
  const marked =
    typeof sensitivity?.value !== 'number' || typeof specificity?.value !== 'number'
      ? {}
      : { operatingPoint: { sensitivity: sensitivity.value, specificity: specificity.value } };
  return rocFigure([{ name, points: statistics.roc, auc: statistics.auc, ...marked }], 'ROC curve');
}

/** ROC curve, AUC with its intervals, average precision. */
export function discriminationSection(name: string, statistics: ScoreStatistics): Html {
  const { auc, averagePrecision, bootstrap, roc } = statistics;
  const measures = table({
    caption: 'How well the scores tell the classes apart',
    columns: ['Measure', 'Value', `${confidenceText(auc.confidence)} interval`, 'Method'],
    rows: [
      ['AUC', decimals(auc.auc), range(auc), 'DeLong'],
      ['AUC', decimals(auc.auc), range(auc.logit), 'DeLong, logit scale'],
      ['AUC', decimals(auc.auc), range(bootstrap.auc), 'bootstrap by patient'],
      ['Average precision', decimals(averagePrecision), range(bootstrap.averagePrecision), 'bootstrap by patient'],
    ],
  });
  const curve = table({
    caption: 'The ROC curve in numbers',
    columns: ['Specificity of at least', 'Sensitivity', 'Specificity', 'Score from'],
    rows: SPECIFICITIES.map((wanted) => {
      const point = bestAt(roc, wanted);
      return [
        wanted.toFixed(2),
        decimals(point.truePositiveRate),
        decimals(1 - point.falsePositiveRate),
        decimals(point.threshold, 4),
      ];
    }),
    note: 'Describes these images. A score of this table is not a threshold to be used: it would have been chosen on the images that it is judged by.',
  });
  const caption = 'ROC curve. The dashed diagonal is chance; the circle is the first operating point.';
  return section(
    'Discrimination',
    2,
    sideBySide(figure(rocFigureOf(name, statistics), caption), join([measures, curve])),
  );
}

/** Sensitivity of several models at the same specificities: the ROC figure in numbers. */
export function rocTable(models: readonly { readonly name: string; readonly statistics: ScoreStatistics }[]): Html {
  return table({
    caption: 'The ROC curves in numbers: sensitivity',
    columns: ['Specificity of at least', ...models.map(({ name }) => name)],
    rows: SPECIFICITIES.map((wanted) => [
      wanted.toFixed(2),
      ...models.map(({ statistics }) => decimals(bestAt(statistics.roc, wanted).truePositiveRate)),
    ]),
  });
}

/** The point of highest sensitivity whose specificity is at least `specificity`. */
function bestAt(roc: readonly RocPoint[], specificity: number): RocPoint {
  const origin: RocPoint = { threshold: null, falsePositiveRate: 0, truePositiveRate: 0 };
  // Points run from (0, 0) to (1, 1), so the last one that qualifies is the best.
  return roc.findLast(({ falsePositiveRate }) => 1 - falsePositiveRate >= specificity - 1e-12) ?? origin;
}
