import { type ScoredCases } from '../scored-cases';
import { calibrationFigureOf, calibrationSection } from './calibration-section';
import { discriminationSection, rocFigureOf } from './discrimination-section';
import { dataSection, modelFacts, originFacts } from './facts-section';
import { confidenceText, decimals, range, whole } from './format-number';
import { type Html, join, section, tag } from './html';
import { confusionFigureOf, operatingSection, originOf, thresholdText } from './operating-section';
import { page } from './page';
import { type EvaluationRecord } from './report-types';
import { scoresFigureOf, scoresSection } from './scores-section';
import { subgroupSection } from './subgroup-section';

/** The figures of a report by name, as SVG documents. */
export function evaluationFigures(record: EvaluationRecord, cases: ScoredCases): ReadonlyMap<string, string> {
  const { statistics, model, data } = record;
  const [point] = statistics.operatingPoints;
  const calibration = calibrationFigureOf(model.name, statistics);
  return new Map([
    ['roc', rocFigureOf(model.name, statistics)],
    ...(calibration === null ? [] : [['calibration', calibration] as const]),
    ...(point === undefined ? [] : [['confusion', confusionFigureOf(point, data.positive)] as const]),
    ['scores', scoresFigureOf(cases, point?.threshold)],
  ]);
}

/**
 * The evaluation of one model as a self-contained HTML page: no script, no link, nothing loaded. Every figure stands beside a
 * table of its numbers.
 *
 * @param cases labels and scores that `record.statistics` are of
 */
export function evaluationReport(record: EvaluationRecord, cases: ScoredCases): string {
  const { model, data, statistics, origin } = record;
  const [point] = statistics.operatingPoints;
  return page(
    {
      title: `Evaluation: ${data.positive} on ${data.name}`,
      subtitle: `${model.name}; ${data.split} split; ${origin.createdAt.slice(0, 10)}`,
      footer: `${origin.software}. Research use only. Model ${model.sha256.slice(0, 16)}, data ${data.fingerprint.slice(0, 16)}.`,
    },
    [
      section('Summary', 2, keyFigures(record), summaryText(record)),
      section('What was evaluated', 2, dataSection(data, origin), section('Model', 3, modelFacts(model))),
      discriminationSection(model.name, statistics),
      operatingSection(statistics.operatingPoints, data.positive, origin.confidence),
      calibrationSection(model.name, statistics),
      scoresSection(cases, point?.threshold),
      subgroupSection(record),
      methodsSection(record),
    ],
  );
}

function keyFigures({ statistics, data, origin }: EvaluationRecord): Html {
  const { auc, operatingPoints } = statistics;
  const metrics = operatingPoints[0]?.metrics;
  const confidence = confidenceText(origin.confidence);
  const item = (name: string, value: string, range: string): Html =>
    tag(
      'li',
      {},
      tag('span', { class: 'name' }, name),
      tag('span', { class: 'value' }, value),
      tag('span', { class: 'range' }, range),
    );
  const measured = (name: string, m: { value: number | null; lower: number | null; upper: number | null }): Html =>
    item(name, decimals(m.value), `${range(m)} (${confidence})`);
  return tag(
    'ul',
    { class: 'key' },
    measured('AUC', { value: auc.auc, lower: auc.lower, upper: auc.upper }),
    ...(metrics === undefined
      ? []
      : [measured('Sensitivity', metrics.sensitivity), measured('Specificity', metrics.specificity)]),
    item('Images', whole(data.images), `${whole(data.positives)} positive, ${whole(data.patients)} patients`),
  );
}

function summaryText({ statistics }: EvaluationRecord): Html {
  const [point] = statistics.operatingPoints;
  if (point === undefined) return join([]);
  return tag('p', {}, `Sensitivity and specificity at ${thresholdText(point)}. ${originOf(point)}`);
}

const METHODS = [
  'AUC is the Mann-Whitney statistic, ties counting one half. Its variance is that of DeLong, DeLong and Clarke-Pearson (1988).',
  "Proportions have Wilson's interval. It takes each image as independent; with several images a patient it is a little too narrow. The bootstrap draws patients, not images.",
  'Thresholds are set beforehand or chosen on other, labelled training or validation images; never on the images judged here.',
  "Probabilities are the sigmoid of the network's logit, as it comes; nothing was recalibrated.",
  'Missing labels are left out and counted above. A label is taken as true.',
] as const;

function methodsSection({ origin }: EvaluationRecord): Html {
  const list = tag('ul', { class: 'plain' }, ...METHODS.map((method) => tag('li', {}, method)));
  return section('Methods and origin', 2, list, originFacts(origin));
}
