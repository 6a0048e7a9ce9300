import { calibrationFigure } from '../figures/calibration-figure';
import { rocFigure } from '../figures/roc-figure';
import { dataSection, modelFacts, originFacts } from './facts-section';
import { confidenceText, decimals, interval, pValue, range, signedInterval } from './format-number';
import { binsTable } from './calibration-section';
import { rocTable } from './discrimination-section';
import { figure, type Html, join, paragraph, section, sideBySide, table, tag } from './html';
import { originOf, thresholdText } from './operating-section';
import { page } from './page';
import { type ComparisonRecord } from './report-types';

/** The figures of a comparison by name, as SVG documents. */
export function comparisonFigures({ models }: ComparisonRecord): ReadonlyMap<string, string> {
  const roc = models.map(({ name, statistics }) => ({ name, points: statistics.roc, auc: statistics.auc }));
  const calibration = models.flatMap(({ name, statistics }) =>
    statistics.calibration === null ? [] : [{ name, curve: statistics.calibration }],
  );
  return new Map([
    ['roc', rocFigure(roc, 'ROC curves')],
    ...(calibration.length === 0 ? [] : [['calibration', calibrationFigure(calibration)] as const]),
  ]);
}

/** Several models on the same images, as a self-contained HTML page. */
export function comparisonReport(record: ComparisonRecord): string {
  const { data, models, origin } = record;
  const figures = comparisonFigures(record);
  const calibration = figures.get('calibration');
  return page(
    {
      title: `Comparison of ${models.length} models: ${data.positive} on ${data.name}`,
      subtitle: `${data.split} split; ${origin.createdAt.slice(0, 10)}`,
      footer: `${origin.software}. Research use only. Data ${data.fingerprint.slice(0, 16)}.`,
    },
    [
      section(
        'AUC',
        2,
        aucTable(record),
        sideBySide(figure(figures.get('roc') ?? '', 'ROC curves on the same images.'), rocTable(models)),
      ),
      section('Differences', 2, pairsTable(record), paragraph(PAIRS_TEXT)),
      section('Operating points', 2, operatingTable(record), ...thresholdOrigins(record)),
      section(
        'Calibration',
        2,
        calibrationTable(record),
        ...(calibration === undefined ? [] : [sideBySide(figure(calibration, CALIBRATION_TEXT), allBins(record))]),
      ),
      section('Data', 2, dataSection(data, origin)),
      section('Models and origin', 2, ...models.map(modelFacts), originFacts(origin)),
    ],
  );
}

const CALIBRATION_TEXT = 'Observed share of positives against the mean probability of each bin.';

const PAIRS_TEXT =
  "DeLong's paired test on the same images, two-sided. The second p is corrected for the number of pairs by Holm's method. A " +
  'dash stands where the estimated variance of a difference is zero and the test says nothing. All images count as independent.';

function aucTable({ models, origin }: ComparisonRecord): Html {
  const confidence = confidenceText(origin.confidence);
  return table({
    caption: 'AUC and average precision of each model',
    columns: ['Model', `AUC (${confidence}, DeLong)`, 'By patient', `Average precision (${confidence} by patient)`],
    rows: models.map(({ name, statistics: { auc, averagePrecision, bootstrap } }) => [
      name,
      interval({ value: auc.auc, ...bounds(auc) }),
      range(bootstrap.auc),
      interval({ value: averagePrecision, ...bounds(bootstrap.averagePrecision) }),
    ]),
  });
}

function allBins({ models, origin }: ComparisonRecord): Html {
  return join(
    models.flatMap(({ name, statistics: { calibration } }) =>
      calibration === null ? [] : [binsTable(calibration, confidenceText(origin.confidence), name)],
    ),
  );
}

function bounds({ lower, upper }: { readonly lower: number; readonly upper: number }): {
  readonly lower: number;
  readonly upper: number;
} {
  return { lower, upper };
}

function pairsTable({ models, pairs, origin }: ComparisonRecord): Html {
  const nameOf = (place: number): string => models[place]?.name ?? '';
  return table({
    caption: 'Difference of AUC',
    columns: ['Pair', `Difference (${confidenceText(origin.confidence)})`, 'z', 'p', 'p, corrected'],
    rows: pairs.map(({ a, b, difference, lower, upper, z, p, adjustedP }) => [
      `${nameOf(a)} minus ${nameOf(b)}`,
      signedInterval(difference, lower, upper),
      decimals(z, 2),
      pValue(p),
      pValue(adjustedP),
    ]),
  });
}

function operatingTable({ models, origin }: ComparisonRecord): Html {
  return table({
    caption: `At each model's operating points (${confidenceText(origin.confidence)} Wilson intervals)`,
    columns: ['Model', 'Threshold', 'Sensitivity', 'Specificity', 'Accuracy'],
    rows: models.flatMap(({ name, statistics }) =>
      statistics.operatingPoints.map((point) => [
        name,
        thresholdText(point),
        interval(point.metrics.sensitivity),
        interval(point.metrics.specificity),
        interval(point.metrics.accuracy),
      ]),
    ),
  });
}

function thresholdOrigins({ models }: ComparisonRecord): Html[] {
  const lines = models.flatMap(({ name, statistics }) =>
    statistics.operatingPoints.map((point) => `${name}, ${thresholdText(point)}: ${originOf(point)}`),
  );
  return [tag('ul', { class: 'plain' }, ...lines.map((line) => tag('li', {}, line)))];
}

function calibrationTable({ models }: ComparisonRecord): Html {
  return table({
    caption: 'Calibration of each model',
    columns: ['Model', 'Brier score (by patient)', 'Expected calibration error', 'Greatest calibration error'],
    rows: models.map(({ name, statistics: { brier, bootstrap, calibration } }) => [
      name,
      bootstrap.brier === null ? '–' : interval({ value: brier, ...bounds(bootstrap.brier) }),
      decimals(calibration?.expectedError),
      decimals(calibration?.greatestError),
    ]),
  });
}
