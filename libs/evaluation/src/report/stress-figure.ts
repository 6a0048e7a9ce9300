import { AXIS_COLOUR, GRID_COLOUR, REFERENCE_COLOUR, seriesStroke } from '../figures/palette';
import { element, polyline, svgDocument, textAt } from '../figures/svg';
import { type StressCell, type StressRecord } from './report-types';

const COLUMNS = 4;
const PANEL = { width: 176, height: 130, gapX: 48, gapY: 56 } as const;
const MARGIN = { left: 58, right: 20, top: 66, bottom: 30 } as const;
const LEGEND_ROW = 19;

/** AUC by grade as small multiples, one panel a nuisance, one line a model, with intervals. */
export function stressFigure({ models, kinds, grades, cells }: StressRecord): string {
  const rows = Math.ceil(kinds.length / COLUMNS);
  const columns = Math.min(COLUMNS, kinds.length);
  const floor = Math.max(0, Math.floor(Math.min(0.5, ...cells.map(({ lower }) => lower)) * 10) / 10);
  const plotHeight = rows * (PANEL.height + PANEL.gapY);
  const longest = Math.max(...models.map(({ name }) => name.length));
  const width = Math.max(
    MARGIN.left + columns * (PANEL.width + PANEL.gapX) - PANEL.gapX + MARGIN.right,
    MARGIN.left + 44 + Math.ceil(6.7 * longest),
    420,
  );
  const legendTop = MARGIN.top + plotHeight + 4;
  const highest = Math.max(...grades);
  const panels = kinds.flatMap(({ kind, title }, k) => {
    const left = MARGIN.left + (k % COLUMNS) * (PANEL.width + PANEL.gapX);
    const top = MARGIN.top + Math.floor(k / COLUMNS) * (PANEL.height + PANEL.gapY);
    const scale = {
      x: (grade: number): number => left + (grade / highest) * PANEL.width,
      y: (auc: number): number => top + ((1 - auc) / (1 - floor)) * PANEL.height,
    };
    const lines = models.flatMap((_, model) =>
      seriesOf(
        cells.filter((cell) => cell.model === model && (cell.kind === kind || cell.grade === 0)),
        model,
        models.length,
        scale,
      ),
    );
    return [...frame(title, [0, ...grades], floor, { left, top, ...scale }), ...lines];
  });
  const legend = models.flatMap(({ name }, k) => {
    const y = legendTop + 14 + k * LEGEND_ROW;
    const line = { x1: MARGIN.left, x2: MARGIN.left + 26, y1: y - 4, y2: y - 4, 'stroke-width': 2.5 };
    return [element('line', { ...line, ...seriesStroke(k) }), textAt(MARGIN.left + 34, y, name)];
  });
  const title = 'AUC under stress';
  return svgDocument(
    {
      width,
      height: legendTop + models.length * LEGEND_ROW + MARGIN.bottom,
      title,
      description: `AUC of ${models.length} models by grade of ${kinds.length} nuisances; the numbers are in the table.`,
    },
    [
      textAt(width / 2, 26, title, { size: 15, anchor: 'middle', weight: 'bold' }),
      textAt(18, MARGIN.top + plotHeight / 2, 'AUC', { anchor: 'middle', rotate: -90 }),
      ...panels,
      ...legend,
    ],
  );
}

interface Scale {
  readonly x: (grade: number) => number;
  readonly y: (auc: number) => number;
}

function frame(
  title: string,
  grades: readonly number[],
  floor: number,
  { left, top, x, y }: Scale & { readonly left: number; readonly top: number },
): string[] {
  const steps = Math.round((1 - floor) * 10);
  const ticks = Array.from({ length: steps + 1 }, (_, k) => floor + k / 10).filter((_, k) => steps <= 5 || k % 2 === 0);
  const bottom = top + PANEL.height;
  return [
    textAt(left + PANEL.width / 2, top - 8, title, { anchor: 'middle', weight: 'bold' }),
    ...ticks.flatMap((tick) => {
      const isChance = Math.abs(tick - 0.5) < 1e-9;
      const stroke = isChance ? REFERENCE_COLOUR : GRID_COLOUR;
      const dash = isChance ? { 'stroke-dasharray': '4 4' } : {};
      return [
        element('line', { x1: left, x2: left + PANEL.width, y1: y(tick), y2: y(tick), stroke, ...dash }),
        textAt(left - 6, y(tick) + 4, tick.toFixed(1), { size: 10, anchor: 'end' }),
      ];
    }),
    ...grades.map((grade) => textAt(x(grade), bottom + 14, String(grade), { size: 10, anchor: 'middle' })),
    textAt(left + PANEL.width / 2, bottom + 29, 'grade', { size: 10, anchor: 'middle' }),
    element('rect', {
      x: left,
      y: top,
      width: PANEL.width,
      height: PANEL.height,
      fill: 'none',
      stroke: AXIS_COLOUR,
    }),
  ];
}

function seriesOf(cells: readonly StressCell[], model: number, models: number, { x, y }: Scale): string[] {
  const sorted = [...cells].sort((a, b) => a.grade - b.grade);
  const { stroke } = seriesStroke(model);
  // Side by side, so that the bars of several models can be told apart; the frame is never left.
  const offset = (grade: number): number => (grade === 0 ? 0 : (model - models + 1) * 2);
  const place = ({ grade, auc }: StressCell): readonly [number, number] => [x(grade) + offset(grade), y(auc)];
  const bars = sorted.map(({ grade, lower, upper }) => {
    const at = x(grade) + offset(grade);
    return element('line', { x1: at, x2: at, y1: y(lower), y2: y(upper), stroke, 'stroke-width': 1 });
  });
  const dots = sorted.map((cell) => {
    const [cx, cy] = place(cell);
    return element('circle', { cx, cy, r: 2.5, fill: stroke });
  });
  return [...bars, polyline(sorted.map(place), { 'stroke-width': 2, ...seriesStroke(model) }), ...dots];
}
