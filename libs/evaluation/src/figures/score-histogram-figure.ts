import { EvaluationError } from '../evaluation.errors';
import { checkCases, type ScoredCases } from '../scored-cases';
import { AXIS_COLOUR, NEGATIVE_COLOUR, POSITIVE_COLOUR } from './palette';
import { createPlot } from './plot';
import { element } from './svg';

export interface ScoreHistogramOptions {
  readonly title?: string;
  /** Default 20. */
  readonly bins?: number;
  /** Drawn as a vertical line. */
  readonly threshold?: number;
}

/**
 * Scores of the two classes as a self-contained SVG document: for each bin, the share of its class, negatives and positives
 * side by side. The axis is [0, 1] when all scores lie there, else from the least to the greatest.
 *
 * @throws EvaluationError those of `checkCases`, and `EVAL.BAD_OPTION` unless 2 to 200 bins.
 */
export function scoreHistogramFigure(cases: ScoredCases, options: ScoreHistogramOptions = {}): string {
  const { title = 'Scores by class', bins = 20, threshold } = options;
  const { positives, negatives } = checkCases(cases);
  if (!Number.isInteger(bins) || bins < 2 || bins > 200) {
    throw new EvaluationError('EVAL.BAD_OPTION', `expected 2 to 200 bins, got ${bins}`);
  }
  const [from, to] = scoreRange(cases.scores);
  const shares = [0, 1].map((label) => {
    const counts = new Array<number>(bins).fill(0);
    const total = label === 1 ? positives : negatives;
    for (let i = 0; i < cases.labels.length; i++) {
      if (cases.labels[i] !== label) continue;
      const bin = Math.min(bins - 1, Math.floor((((cases.scores[i] ?? 0) - from) / (to - from)) * bins));
      counts[bin] = (counts[bin] ?? 0) + 1 / total;
    }
    return counts;
  });
  const rows = [
    { text: `negative (${negatives} cases)`, mark: NEGATIVE_COLOUR },
    { text: `positive (${positives} cases)`, mark: POSITIVE_COLOUR },
  ];
  const plot = createPlot({
    title,
    description: `Histogram of the scores of ${negatives} negative and ${positives} positive cases.`,
    x: { label: 'score', from, to },
    y: { label: 'share of the class', from: 0, to: Math.max(...shares.flat()) * 1.05 },
    plotHeight: 240,
    legend: rows,
  });
  const width = (to - from) / bins;
  const bars = shares.flatMap((counts, label) =>
    counts.flatMap((share, bin) => {
      if (share === 0) return [];
      const left = plot.x(from + (bin + 0.06 + 0.44 * label) * width);
      const right = plot.x(from + (bin + 0.5 + 0.44 * label) * width);
      const top = plot.y(share);
      const fill = rows[label]?.mark ?? NEGATIVE_COLOUR;
      return [element('rect', { x: left, y: top, width: right - left, height: plot.y(0) - top, fill })];
    }),
  );
  if (threshold === undefined || threshold < from || threshold > to) return plot.render(bars);
  const x = plot.x(threshold);
  const [y1, y2] = [plot.y(0), plot.y(Math.max(...shares.flat()) * 1.05)];
  const line = element('line', {
    x1: x,
    x2: x,
    y1,
    y2,
    stroke: AXIS_COLOUR,
    'stroke-width': 1.5,
    'stroke-dasharray': '5 3',
  });
  return plot.render([...bars, line]);
}

function scoreRange(scores: ArrayLike<number>): readonly [number, number] {
  const [least, greatest] = Array.from(scores).reduce<readonly [number, number]>(
    ([low, high], score) => [Math.min(low, score), Math.max(high, score)],
    [Infinity, -Infinity],
  );
  if (least >= 0 && greatest <= 1) return [0, 1];
  return least < greatest ? [least, greatest] : [least - 0.5, least + 0.5];
}
