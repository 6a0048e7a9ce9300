import { AXIS_COLOUR, GRID_COLOUR, seriesStroke } from './palette';
import { element, svgDocument, textAt } from './svg';

export interface Axis {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  /** Where marks stand and what they say; round numbers when undefined. */
  readonly ticks?: readonly { readonly at: number; readonly text: string }[];
}

export interface PlotOptions {
  readonly title: string;
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Of the plotted area in pixels; default 360 x 360. */
  readonly plotWidth?: number;
  readonly plotHeight?: number;
  /** Rows of text below the plot. */
  readonly legend?: readonly LegendRow[];
}

export interface LegendRow {
  readonly text: string;
  /** Number of the series whose stroke is shown, or a colour for a filled patch. */
  readonly mark: number | string;
}

const MARGIN = { left: 62, right: 18, top: 38, bottom: 48 } as const;
const LEGEND_ROW = 19;

/** A frame with axes and grid, and the maps from values to pixels. */
export interface Plot {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  /** The finished figure, with `parts` inside the frame. */
  readonly render: (parts: readonly string[]) => string;
}

/** Round numbers from `from` to `to`, four to ten of them: multiples of 1, 2 or 5 times a power of ten. */
export function ticks(from: number, to: number): number[] {
  const raw = (to - from) / 5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= raw * 0.999999) ?? 10);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, k) => Number(((first + k) * step).toPrecision(12)));
}

function marksOf({ from, to, ticks: given }: Axis): NonNullable<Axis['ticks']> {
  return given ?? ticks(from, to).map((at) => ({ at, text: String(at) }));
}

export function createPlot(options: PlotOptions): Plot {
  const { title, description, x: xAxis, y: yAxis, plotWidth = 360, plotHeight = 360, legend = [] } = options;
  const bottom = MARGIN.top + plotHeight;
  // A long legend widens the figure rather than being cut; 6.7 pixels is a wide estimate of a character at this size.
  const longest = Math.max(0, ...legend.map(({ text }) => text.length));
  const width = Math.max(MARGIN.left + plotWidth + MARGIN.right, Math.ceil(MARGIN.left + 44 + 6.7 * longest));
  const height = bottom + MARGIN.bottom + legend.length * LEGEND_ROW + (legend.length > 0 ? 6 : 0);
  const x = (value: number): number => MARGIN.left + ((value - xAxis.from) / (xAxis.to - xAxis.from)) * plotWidth;
  const y = (value: number): number => bottom - ((value - yAxis.from) / (yAxis.to - yAxis.from)) * plotHeight;
  const grid = { stroke: GRID_COLOUR, 'stroke-width': 1 };
  const frame = [
    textAt(MARGIN.left + plotWidth / 2, 22, title, { size: 15, anchor: 'middle', weight: 'bold' }),
    ...marksOf(xAxis).flatMap(({ at, text }) => [
      element('line', { x1: x(at), x2: x(at), y1: MARGIN.top, y2: bottom, ...grid }),
      textAt(x(at), bottom + 17, text, { size: 11, anchor: 'middle' }),
    ]),
    ...marksOf(yAxis).flatMap(({ at, text }) => [
      element('line', { x1: MARGIN.left, x2: MARGIN.left + plotWidth, y1: y(at), y2: y(at), ...grid }),
      textAt(MARGIN.left - 8, y(at) + 4, text, { size: 11, anchor: 'end' }),
    ]),
    textAt(MARGIN.left + plotWidth / 2, bottom + 38, xAxis.label, { anchor: 'middle' }),
    textAt(18, MARGIN.top + plotHeight / 2, yAxis.label, { anchor: 'middle', rotate: -90 }),
  ];
  const border = element('rect', {
    x: MARGIN.left,
    y: MARGIN.top,
    width: plotWidth,
    height: plotHeight,
    fill: 'none',
    stroke: AXIS_COLOUR,
  });
  const rows = legend.map((row, k) => legendRow(row, bottom + MARGIN.bottom + 8 + k * LEGEND_ROW));
  return {
    x,
    y,
    render: (parts) => svgDocument({ width, height, title, description }, [...frame, ...parts, border, ...rows]),
  };
}

function legendRow({ text, mark }: LegendRow, y: number): string {
  const [from, to] = [MARGIN.left, MARGIN.left + 26];
  const shape =
    typeof mark === 'number'
      ? element('line', { x1: from, x2: to, y1: y - 4, y2: y - 4, 'stroke-width': 2.5, ...seriesStroke(mark) })
      : element('rect', { x: from + 5, y: y - 10, width: 14, height: 11, fill: mark });
  return shape + textAt(to + 8, y, text);
}
