import { confusionFigure } from '../figures/confusion-figure';
import { type JudgedPoint } from '../score-statistics';
import { confidenceText, decimals, interval, percent, whole } from './format-number';
import { figure, type Html, join, paragraph, section, sideBySide, table } from './html';

const MEASURES = [
  ['sensitivity', 'Sensitivity'],
  ['specificity', 'Specificity'],
  ['ppv', 'Positive predictive value'],
  ['npv', 'Negative predictive value'],
  ['accuracy', 'Accuracy'],
  ['f1', 'F1'],
] as const;

/** "score from 0.412 (largest Youden index)" */
export function thresholdText({ threshold, rule }: JudgedPoint): string {
  return `score from ${decimals(threshold, 4)} (${ruleText(rule)})`;
}

function ruleText(rule: JudgedPoint['rule']): string {
  switch (rule.type) {
    case 'fixed':
      return 'set beforehand';
    case 'youden':
      return 'largest Youden index';
    case 'sensitivity':
      return `highest with a sensitivity of at least ${rule.atLeast}`;
    case 'specificity':
      return `lowest with a specificity of at least ${rule.atLeast}`;
  }
}

/** Where a threshold came from, in a sentence. */
export function originOf({ chosenOn }: JudgedPoint): string {
  if (chosenOn === null) return 'No image of this set was looked at to set it.';
  const { cases, name, purpose, sensitivity, specificity } = chosenOn;
  return (
    `It was chosen on ${whole(cases)} other labelled ${purpose} cases (${name}), where it has sensitivity ` +
    `${decimals(sensitivity)} and specificity ${decimals(specificity)}; those two are flattered, the numbers here are not.`
  );
}

/** The figure of one operating point. */
export function confusionFigureOf({ confusion }: JudgedPoint, positive: string): string {
  return confusionFigure(confusion, { positive: positive.length > 18 ? 'positive' : positive });
}

/** Each operating point with its measures and its confusion matrix. */
export function operatingSection(points: readonly JudgedPoint[], positive: string, confidence: number): Html {
  const parts = points.map((point, k) =>
    section(
      points.length > 1
        ? `Operating point ${k + 1}: ${thresholdText(point)}`
        : `Operating point: ${thresholdText(point)}`,
      3,
      paragraph(originOf(point)),
      sideBySide(
        figure(confusionFigureOf(point, positive), 'Counts, and their share of the row.'),
        join([measuresTable(point, confidence), confusionTable(point)]),
      ),
    ),
  );
  return section('Operating points', 2, ...parts);
}

function measuresTable({ metrics }: JudgedPoint, confidence: number): Html {
  return table({
    caption: 'Measures',
    columns: ['Measure', `Value (${confidenceText(confidence)})`, 'Cases'],
    rows: MEASURES.map(([key, title]) => {
      const proportion = metrics[key];
      const counted = key === 'f1' ? '' : `${whole(proportion.successes)} of ${whole(proportion.trials)}`;
      return [title, interval(proportion), counted];
    }),
    note: 'Wilson intervals. Predictive values hold for the prevalence of this set only. The interval of F1 is that of TP / (TP + FP + FN), carried over.',
  });
}

function confusionTable({ confusion }: JudgedPoint): Html {
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = confusion;
  const row = (name: string, called: number, notCalled: number): string[] => {
    const total = called + notCalled;
    const share = (count: number): string => `${whole(count)} (${total === 0 ? '–' : percent(count / total)})`;
    return [name, share(notCalled), share(called), whole(total)];
  };
  return table({
    caption: 'Confusion matrix',
    columns: ['Truth', 'Called negative', 'Called positive', 'Cases'],
    rows: [row('negative', falsePositives, trueNegatives), row('positive', truePositives, falseNegatives)],
  });
}
