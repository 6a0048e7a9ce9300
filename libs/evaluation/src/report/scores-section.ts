import { scoreHistogramFigure } from '../figures/score-histogram-figure';
import { type ScoredCases } from '../scored-cases';
import { decimals, whole } from './format-number';
import { figure, type Html, section, sideBySide, table } from './html';

const QUANTILES = [
  [0, 'Least'],
  [0.05, '5th percentile'],
  [0.25, 'Lower quartile'],
  [0.5, 'Median'],
  [0.75, 'Upper quartile'],
  [0.95, '95th percentile'],
  [1, 'Greatest'],
] as const;

/** The histogram of one model's scores. */
export function scoresFigureOf(cases: ScoredCases, threshold: number | undefined): string {
  return scoreHistogramFigure(cases, threshold === undefined ? {} : { threshold });
}

/** How the scores of the two classes lie. */
export function scoresSection(cases: ScoredCases, threshold: number | undefined): Html {
  const [negative, positive] = [0, 1].map((label) =>
    Float64Array.from(Array.from(cases.scores).filter((_, i) => cases.labels[i] === label)).sort(),
  );
  const row = ([level, name]: (typeof QUANTILES)[number]): string[] => [
    name,
    decimals(quantile(negative, level)),
    decimals(quantile(positive, level)),
  ];
  const distribution = table({
    caption: 'The scores in numbers',
    columns: ['', 'Negative', 'Positive'],
    rows: [['Cases', whole(negative?.length ?? 0), whole(positive?.length ?? 0)], ...QUANTILES.map(row)],
  });
  const caption = 'Share of each class by score. The dashed line is the first operating point.';
  return section('Scores by class', 2, sideBySide(figure(scoresFigureOf(cases, threshold), caption), distribution));
}

/** Linear between order statistics (Hyndman and Fan's type 7). */
function quantile(sorted: Float64Array | undefined, level: number): number | null {
  if (sorted === undefined || sorted.length === 0) return null;
  const position = level * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below] ?? 0;
  return low + (position - below) * ((sorted[below + 1] ?? low) - low);
}
