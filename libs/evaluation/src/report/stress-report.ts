import { dataSection, modelFacts, originFacts } from './facts-section';
import { confidenceText, decimals, pValue, range, signed, signedRange } from './format-number';
import { figure, type Html, paragraph, section, stacked, table } from './html';
import { page } from './page';
import { type StressCell, type StressRecord } from './report-types';
import { stressFigure } from './stress-figure';

/** AUC by nuisance and grade, for one or several models, as a self-contained HTML page. */
export function stressReport(record: StressRecord): string {
  const { data, models, origin } = record;
  return page(
    {
      title: `Stress test: ${data.positive} on ${data.name}`,
      subtitle: `${models.map(({ name }) => name).join('; ')}; ${data.split} split; ${origin.createdAt.slice(0, 10)}`,
      footer: `${origin.software}. Research use only. Data ${data.fingerprint.slice(0, 16)}.`,
    },
    [
      section('AUC by grade', 2, paragraph(INTRODUCTION), figure(stressFigure(record), captionOf(record))),
      section('The figure in numbers', 2, gradesTable(record)),
      section('Change from the images as they are', 2, paragraph(CHANGE), ...models.map((_, k) => changes(record, k))),
      section('Strength of each grade', 2, strengthTable(record)),
      section('Data', 2, dataSection(data, origin)),
      section('Models and origin', 2, ...models.map(modelFacts), originFacts(origin)),
    ],
  );
}

const INTRODUCTION =
  'Each nuisance is applied to the prepared image before it is resized to the network. Grade 0 is the image as it is. What ' +
  'happens to an image follows from its content hash and the seed, so that all models see the same pixels.';

const CHANGE =
  'Paired DeLong test against grade 0 of the same images, two-sided, not corrected for the number of grades. A p-value of a ' +
  'test of many says little by itself; look at the size of the change.';

function captionOf({ origin }: StressRecord): string {
  return `AUC with ${confidenceText(origin.confidence)} DeLong intervals. The dashed line is chance.`;
}

function find(record: StressRecord, model: number, kind: string, grade: number): StressCell | undefined {
  return record.cells.find(
    (cell) => cell.model === model && cell.grade === grade && (grade === 0 || cell.kind === kind),
  );
}

function gradesTable(record: StressRecord): Html {
  const { models, kinds, grades, origin } = record;
  const rows = kinds.flatMap(({ kind, title }) =>
    models.map(({ name }, model) => [
      models.length > 1 ? `${title}: ${name}` : title,
      ...[0, ...grades].map((grade) => {
        const cell = find(record, model, kind, grade);
        return cell === undefined ? '–' : stacked(decimals(cell.auc), range(cell));
      }),
    ]),
  );
  return table({
    caption: `AUC (${confidenceText(origin.confidence)} DeLong interval)`,
    columns: ['Nuisance', ...[0, ...grades].map((grade) => `Grade ${grade}`)],
    rows,
  });
}

function changes(record: StressRecord, model: number): Html {
  const { models, kinds, grades } = record;
  const rows = kinds.map(({ kind, title }) => [
    title,
    ...grades.map((grade) => {
      const change = find(record, model, kind, grade)?.change;
      if (change === null || change === undefined) return '–';
      const { difference, lower, upper, p } = change;
      return stacked(`${signed(difference)}, p ${pValue(p)}`, signedRange(lower, upper));
    }),
  ]);
  return table({
    caption: `Change of AUC: ${models[model]?.name ?? ''}`,
    columns: ['Nuisance', ...grades.map((grade) => `Grade ${grade}`)],
    rows,
  });
}

function strengthTable(record: StressRecord): Html {
  const { kinds, grades } = record;
  return table({
    caption: 'What a grade means',
    columns: ['Nuisance', 'Measured in', ...grades.map((grade) => `Grade ${grade}`)],
    rows: kinds.map(({ kind, title, strength }) => [
      title,
      strength,
      ...grades.map((grade) => String(find(record, 0, kind, grade)?.strength ?? '–')),
    ]),
  });
}
