import { type CalibrationCurve } from '../calibration';
import { calibrationFigure } from '../figures/calibration-figure';
import { type ScoreStatistics } from '../score-statistics';
import { confidenceText, decimals, interval, range, whole } from './format-number';
import { figure, type Html, join, paragraph, section, sideBySide, table } from './html';

/** The calibration figure of one model; null when its scores are no probabilities. */
export function calibrationFigureOf(name: string, { calibration }: ScoreStatistics): string | null {
  return calibration && calibrationFigure([{ name, curve: calibration }]);
}

/** Whether a probability of 0.7 means seven of ten. */
export function calibrationSection(name: string, statistics: ScoreStatistics): Html {
  const { calibration, brier, bootstrap, auc } = statistics;
  const svg = calibrationFigureOf(name, statistics);
  if (calibration === null || svg === null) {
    return section('Calibration', 2, paragraph('The scores are no probabilities: there is nothing to calibrate.'));
  }
  const confidence = confidenceText(auc.confidence);
  const measures = table({
    caption: 'How far the probabilities can be taken at their word',
    columns: ['Measure', 'Value', `${confidence} interval by patient`],
    rows: [
      ['Brier score', decimals(brier), bootstrap.brier ? range(bootstrap.brier) : '–'],
      ['Expected calibration error', decimals(calibration.expectedError), ''],
      ['Greatest calibration error', decimals(calibration.greatestError), ''],
    ],
    note: 'Of ten bins of equal width. Lower is better for all three. The errors have no interval: binning biases them upwards in small sets.',
  });
  return section(
    'Calibration',
    2,
    sideBySide(
      figure(
        svg,
        `Observed share of positives against the mean probability of each bin, with ${confidence} Wilson intervals.`,
      ),
      join([measures, binsTable(calibration, confidence)]),
    ),
  );
}

/** The bins of one curve. */
export function binsTable({ bins }: CalibrationCurve, confidence: string, of = ''): Html {
  return table({
    caption: `The calibration curve in numbers${of === '' ? '' : `: ${of}`}`,
    columns: ['Probability', 'Cases', 'Mean', `Observed (${confidence})`],
    rows: bins.map(({ from, to, cases, meanProbability, observed }) => [
      `${from.toFixed(1)} to ${to.toFixed(1)}`,
      whole(cases),
      decimals(meanProbability),
      interval(observed),
    ]),
  });
}
