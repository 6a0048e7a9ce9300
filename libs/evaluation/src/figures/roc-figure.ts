import { type RocPoint } from '../roc';
import { REFERENCE_COLOUR, seriesStroke } from './palette';
import { createPlot } from './plot';
import { element, polyline } from './svg';

export interface RocSeries {
  readonly name: string;
  /** As `rocCurve` gives them. */
  readonly points: readonly RocPoint[];
  /** Shown in the legend. */
  readonly auc?: { readonly auc: number; readonly lower: number; readonly upper: number };
  /** Marked on the curve. */
  readonly operatingPoint?: { readonly sensitivity: number; readonly specificity: number };
}

/** ROC curves of one or several models as a self-contained SVG document: 1 - specificity to the right, sensitivity up. */
export function rocFigure(series: readonly RocSeries[], title = 'ROC curve'): string {
  const texts = series.map(({ name, auc }) => {
    return auc ? `${name}: AUC ${auc.auc.toFixed(3)} (${auc.lower.toFixed(3)} to ${auc.upper.toFixed(3)})` : name;
  });
  const plot = createPlot({
    title,
    description: `ROC curves. ${texts.join('; ')}`,
    x: { label: '1 - specificity', from: 0, to: 1 },
    y: { label: 'sensitivity', from: 0, to: 1 },
    legend: texts.map((text, mark) => ({ text, mark })),
  });
  const chance = polyline(
    [
      [plot.x(0), plot.y(0)],
      [plot.x(1), plot.y(1)],
    ],
    { stroke: REFERENCE_COLOUR, 'stroke-dasharray': '4 4' },
  );
  const curves = series.map(({ points }, k) => {
    const path = points.map((p) => [plot.x(p.falsePositiveRate), plot.y(p.truePositiveRate)] as const);
    return polyline(path, { 'stroke-width': 2, ...seriesStroke(k) });
  });
  const marks = series.flatMap(({ operatingPoint: point }, k) => {
    if (!point) return [];
    const place = { cx: plot.x(1 - point.specificity), cy: plot.y(point.sensitivity), r: 5 };
    return [element('circle', { ...place, fill: '#ffffff', stroke: seriesStroke(k).stroke, 'stroke-width': 2.5 })];
  });
  return plot.render([chance, ...curves, ...marks]);
}
