import { confidenceText, whole } from './format-number';
import { facts, figure, type Html, paragraph, section, stacked, table, tag } from './html';
import { page } from './page';
import { labelNoiseFigure, reproductionFigure, unseenFigure } from './reproduction-figure';
import { convergenceNote, reproductionCells } from './reproduction-table';
import { type ReproductionRecord } from './reproduction-types';

/** What differs between two runs that end in the same numbers. */
export interface ReproductionTime {
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** Wall time of the finished units, over all starts of the command. */
  readonly seconds: number;
  readonly cores: number;
}

/** Figures of a reproduction by name. */
export function reproductionFigures(record: ReproductionRecord): Map<string, string> {
  const figures = new Map([['curve', reproductionFigure(record)]]);
  if (record.rows.some(({ group }) => group === 'label-noise')) figures.set('label-noise', labelNoiseFigure(record));
  if (record.data.unseenClass !== null) figures.set('unseen', unseenFigure(record));
  return figures;
}

/** The curve over T, the baselines and what was done, as a self-contained HTML page. */
export function reproductionReport(record: ReproductionRecord, time: ReproductionTime): string {
  const { data, seeds, software, confidence } = record;
  const { head, rows } = reproductionCells(record);
  const figures = reproductionFigures(record);
  const noise = figures.get('label-noise');
  const notConverged = convergenceNote(record);
  const unseen = figures.get('unseen');
  return page(
    {
      title: `DISTL curve: ${data.positive} on ${data.name}`,
      subtitle: `${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}; ${whole(data.test)} test images; ${time.createdAt.slice(0, 10)}`,
      footer: `${software}. Research use only. Data ${data.fingerprint.slice(0, 16)}.`,
    },
    [
      section(
        'AUC as unlabelled folds are added',
        2,
        figure(figures.get('curve') ?? '', `Mean over the seeds. ${barText(record)} Levels without points have no T.`),
      ),
      section(
        'The figure in numbers',
        2,
        table({
          caption: 'AUC on the test images',
          columns: head,
          rows: rows.map((row) => row.map(withIntervalBelow)),
          note:
            seeds.length > 1
              ? `Intervals: Student's t over the seeds, ${confidenceText(confidence)}. A seed draws other labelled images, folds, weights and views; the test images are the same. The intervals so say how the method varies, not how well ${whole(data.test)} images stand for a population.`
              : 'One seed: nothing can be said of how the method varies.',
        }),
        ...(notConverged === null ? [] : [paragraph(notConverged)]),
      ),
      ...(noise === undefined ? [] : [section('Wrong labels', 2, paragraph(NOISE), figure(noise, barText(record)))]),
      ...(unseen === undefined
        ? []
        : [section('An unseen class', 2, paragraph(UNSEEN), figure(unseen, barText(record)))]),
      section('What was done', 2, ...METHODS.map((text) => paragraph(text))),
      section('Data', 2, dataFacts(record)),
      section('Choices by validation images', 2, choices(record)),
      section('Settings and origin', 2, originFacts(record, time), settings(record)),
    ],
  );
}

/** "0.912 (0.881 to 0.943)" on two lines. */
function withIntervalBelow(cell: string): Html | string {
  const [, value, range] = /^(\S+) \((.+)\)$/.exec(cell) ?? [];
  return value === undefined || range === undefined ? cell : stacked(value, range);
}

const NOISE =
  'That share of the labels of each class is called the other class, in training alone; validation and test labels are as they are.';

const UNSEEN =
  'Images of this class are in no training and no validation; here they are judged as negatives beside those of the test images.';

const METHODS = [
  'The training images are divided by patient and stratified by label: a labelled share and equal folds whose labels are not looked at. The validation images say which length of training is best, nothing else. T = initial is trained on the labelled part, as long as the settings (protocol.initial) say; T = k takes in the folds 1 to k. The network that is judged is the student, the last one of its stage.',
  'Supervised, same labels: trained for lengths that double until the validation AUC stops rising; the best length by validation is the row. All labels: the same with the labels of all folds, a ceiling. Ridge regression on 48 x 48 pixels of the same labels, its strength chosen by leaving one out: a floor that any network should beat.',
  'No setting, length or threshold was chosen on the test images.',
];

function barText({ seeds, confidence }: ReproductionRecord): string {
  return seeds.length > 1
    ? `Bars: ${confidenceText(confidence)} t intervals over ${seeds.length} seeds.`
    : 'One seed, so no intervals.';
}

function dataFacts({ data }: ReproductionRecord): Html {
  return facts('Images', [
    ['Data set', data.name],
    ['Positive class', data.positive],
    ['Kind of pixels', data.pixels],
    ['Training images', whole(data.training)],
    ['Labelled, first seed', whole(data.labelled)],
    [
      'Validation images',
      data.validationIsOwn
        ? `${whole(data.validation)}; the data set's own split`
        : `${whole(data.validation)} in the first seed; part of the labelled ones`,
    ],
    ['Folds, first seed', data.folds.map(whole).join(', ')],
    [
      'Test images',
      `${whole(data.test)}, ${whole(data.testPositives)} positive; ${data.testIsOwn ? "the data set's own split" : 'made by patient'}`,
    ],
    ...(data.unseenClass === null
      ? []
      : [['Unseen class', `${data.unseenClass}, ${whole(data.unseen)} images, in no training`] as const]),
    ['Fingerprint', tag('code', {}, data.fingerprint)],
  ]);
}

function choices({ rows, seeds }: ReproductionRecord): Html {
  return table({
    caption: 'Validation AUC and what it chose',
    columns: ['Method', ...seeds.map((seed) => `Seed ${seed}`)],
    rows: rows.map(({ title, validation, choices: chosen }) => [
      title,
      ...seeds.map(
        (_, k) =>
          [validation[k]?.toFixed(3), chosen[k]].filter((part) => part !== undefined && part !== null).join('; ') ||
          '–',
      ),
    ]),
  });
}

function originFacts({ software, engine }: ReproductionRecord, { seconds, cores, createdAt }: ReproductionTime): Html {
  const minutes = seconds / 60;
  return facts('Origin', [
    ['Software', software],
    ['Engine', engine],
    ['Made at', createdAt],
    ['Wall time', `${minutes < 1 ? `${seconds.toFixed(0)} s` : `${minutes.toFixed(1)} min`} on ${cores} cores`],
  ]);
}

function settings({ settings: plan }: ReproductionRecord): Html {
  return tag('pre', {}, JSON.stringify(plan, null, 2));
}
