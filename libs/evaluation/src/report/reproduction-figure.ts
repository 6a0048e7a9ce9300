import { seriesStroke } from '../figures/palette';
import { createPlot, type LegendRow } from '../figures/plot';
import { element, polyline, textAt } from '../figures/svg';
import { type MeanInterval } from '../student-t';
import { meanText } from './reproduction-table';
import { type ReproductionRecord, type ReproductionRow } from './reproduction-types';

/** A line over T, or a level that has no T. */
interface Series {
  readonly title: string;
  readonly points: readonly { readonly stage: number; readonly value: MeanInterval }[];
  readonly level: MeanInterval | null;
}

/** AUC at T = initial, 1, 2, ... with the baselines as levels; bars are intervals over the seeds. */
export function reproductionFigure(record: ReproductionRecord): string {
  const { rows, generations, data, seeds } = record;
  const series = [
    lineOf(
      'DISTL (student)',
      rows.filter(({ group }) => group === 'distl'),
    ),
    ...rows
      .filter(({ group }) => group === 'baseline')
      .map(({ title, auc }): Series => ({ title, points: [], level: auc })),
    ...ablationLines(record),
  ];
  return drawLines(series, {
    title: `AUC as unlabelled folds are added: ${data.positive}, ${data.name}`,
    generations,
    seeds: seeds.length,
  });
}

/** T = initial beside the last T, by share of wrong labels. */
export function labelNoiseFigure(record: ReproductionRecord): string {
  const { rows, generations, data } = record;
  const last = rows.filter(
    ({ group, stage }) => (group === 'distl' || group === 'label-noise') && (stage === 0 || stage === generations),
  );
  const series = [0, generations].map((stage) => ({
    title: stage === 0 ? 'T = initial' : `T = ${stage}`,
    points: last.filter((row) => row.stage === stage).map((row) => ({ x: 100 * row.labelNoise, value: row.auc })),
  }));
  const most = Math.max(...last.map(({ labelNoise }) => 100 * labelNoise));
  const floor = floorOf(last.map(({ auc }) => auc));
  const plot = createPlot({
    title: `AUC with wrong labels: ${data.positive}, ${data.name}`,
    description: 'AUC at T = initial and at the last T by share of wrong labels; the numbers are in the table.',
    x: { label: 'wrong labels, %', from: 0, to: most },
    y: { label: 'AUC', from: floor, to: 1 },
    plotWidth: 460,
    plotHeight: 300,
    legend: series.map(({ title }, mark) => ({ text: title, mark })),
  });
  const clip = (value: number): number => plot.y(Math.min(1, Math.max(floor, value)));
  return plot.render(
    series.flatMap(({ points }, k) => [
      polyline(
        points.map(({ x, value }) => [plot.x(x), clip(value.mean)] as const),
        { 'stroke-width': 2.5, ...seriesStroke(k) },
      ),
      ...points.flatMap(({ x, value }) => mark(plot.x(x) + 4 * (k - 0.5), value, clip, seriesStroke(k).stroke)),
    ]),
  );
}

/** AUC over T with and without the unseen class among the negatives. */
export function unseenFigure({ rows, generations, data, seeds }: ReproductionRecord): string {
  const students = rows.filter(({ group }) => group === 'distl');
  const withUnseen = students.flatMap((row) => (row.unseen === null ? [] : [{ ...row, auc: row.unseen.auc }]));
  const name = data.unseenClass ?? '';
  return drawLines([lineOf('test images', students), lineOf(`with ${name} among the negatives`, withUnseen)], {
    title: `AUC with a class that training never saw: ${name}`,
    generations,
    seeds: seeds.length,
  });
}

function lineOf(title: string, rows: readonly ReproductionRow[]): Series {
  return { title, points: rows.map(({ stage, auc }) => ({ stage: stage ?? 0, value: auc })), level: null };
}

/** An ablation starts from the whole method's T = initial. */
function ablationLines({ rows }: ReproductionRecord): Series[] {
  const start = rows.filter(({ group, stage }) => group === 'distl' && stage === 0);
  const names = [
    ...new Set(rows.filter(({ group }) => group === 'ablation').map(({ key }) => key.split('/')[0] ?? '')),
  ];
  return names.map((name) =>
    lineOf(name, [...start, ...rows.filter(({ key, group }) => group === 'ablation' && key.startsWith(`${name}/`))]),
  );
}

function drawLines(
  series: readonly Series[],
  { title, generations, seeds }: { readonly title: string; readonly generations: number; readonly seeds: number },
): string {
  const floor = floorOf(
    series.flatMap(({ points, level }) => [...points.map(({ value }) => value), ...(level ? [level] : [])]),
  );
  const legend = series.map(({ title: name, level }, k): LegendRow => ({
    text: level === null ? name : `${name}: ${meanText(level)}`,
    mark: k,
  }));
  const [from, to] = [-0.35, Math.max(1, generations) + 0.35];
  const plot = createPlot({
    title,
    description: `AUC by generation, mean of ${seeds} seeds; the numbers are in the table.`,
    x: {
      label: 'T',
      from,
      to,
      ticks: Array.from({ length: generations + 1 }, (_, t) => ({ at: t, text: t === 0 ? 'initial' : String(t) })),
    },
    y: { label: 'AUC', from: floor, to: 1 },
    plotWidth: 520,
    plotHeight: 340,
    legend,
  });
  const clip = (value: number): number => plot.y(Math.min(1, Math.max(floor, value)));
  const drawn = series.flatMap(({ points, level }, k) => {
    const stroke = seriesStroke(k);
    if (level !== null) {
      const y = clip(level.mean);
      return [element('line', { x1: plot.x(from), x2: plot.x(to), y1: y, y2: y, 'stroke-width': 2, ...stroke })];
    }
    const shift = 5 * (k === 0 ? 0 : k % 2 === 0 ? k / 2 : -(k + 1) / 2);
    return [
      polyline(
        points.map(({ stage, value }) => [plot.x(stage) + shift, clip(value.mean)] as const),
        { 'stroke-width': k === 0 ? 3 : 2, ...stroke },
      ),
      ...points.flatMap(({ stage, value }) => mark(plot.x(stage) + shift, value, clip, stroke.stroke)),
    ];
  });
  const numbers = (series[0]?.points ?? []).map(({ stage, value }) =>
    textAt(plot.x(stage) + 8, clip(value.mean) - 8, value.mean.toFixed(3), { size: 11 }),
  );
  return plot.render([...drawn, ...numbers]);
}

/** A point with its interval. */
function mark(x: number, { mean, lower, upper }: MeanInterval, y: (value: number) => number, colour: string): string[] {
  const point = element('circle', { cx: x, cy: y(mean), r: 4, fill: colour });
  if (lower === null || upper === null) return [point];
  const bar = { stroke: colour, 'stroke-width': 1.5 };
  return [
    element('line', { x1: x, x2: x, y1: y(lower), y2: y(upper), ...bar }),
    element('line', { x1: x - 4, x2: x + 4, y1: y(lower), y2: y(lower), ...bar }),
    element('line', { x1: x - 4, x2: x + 4, y1: y(upper), y2: y(upper), ...bar }),
    point,
  ];
}

/** A round number below the means; an interval that goes further down is cut at the frame. */
function floorOf(values: readonly MeanInterval[]): number {
  const least = Math.min(...values.map(({ mean, lower }) => Math.max(lower ?? mean, mean - 0.15)));
  return Math.max(0, Math.min(0.9, Math.floor(least * 20 - 0.2) / 20));
}
