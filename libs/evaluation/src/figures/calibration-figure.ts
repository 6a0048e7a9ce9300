import { type CalibrationCurve } from '../calibration';
import { REFERENCE_COLOUR, seriesStroke } from './palette';
import { createPlot } from './plot';
import { element, polyline } from './svg';

export interface CalibrationSeries {
  readonly name: string;
  /** As `calibrationCurve` or `histogramCalibration` gives it. */
  readonly curve: CalibrationCurve;
}

/**
 * Reliability curves as a self-contained SVG document: mean predicted probability of a bin to the right, observed share of
 * positives with its Wilson interval up; a perfectly calibrated model lies on the diagonal.
 */
export function calibrationFigure(series: readonly CalibrationSeries[], title = 'Calibration'): string {
  const texts = series.map(
    ({ name, curve }) => `${name}: expected calibration error ${curve.expectedError.toFixed(3)}`,
  );
  const plot = createPlot({
    title,
    description: `Calibration curves. ${texts.join('; ')}`,
    x: { label: 'predicted probability', from: 0, to: 1 },
    y: { label: 'observed share of positives', from: 0, to: 1 },
    legend: texts.map((text, mark) => ({ text, mark })),
  });
  const ideal = polyline(
    [
      [plot.x(0), plot.y(0)],
      [plot.x(1), plot.y(1)],
    ],
    { stroke: REFERENCE_COLOUR, 'stroke-dasharray': '4 4' },
  );
  const parts = series.flatMap(({ curve }, k) => {
    const { stroke } = seriesStroke(k);
    const points = curve.bins.map((bin) => [plot.x(bin.meanProbability), plot.y(bin.observed.value ?? 0)] as const);
    const bars = curve.bins.map(({ meanProbability, observed }) => {
      const x = plot.x(meanProbability);
      return element('line', {
        x1: x,
        x2: x,
        y1: plot.y(observed.lower ?? 0),
        y2: plot.y(observed.upper ?? 1),
        stroke,
      });
    });
    const dots = points.map(([cx, cy]) => element('circle', { cx, cy, r: 3.5, fill: stroke }));
    return [polyline(points, { 'stroke-width': 2, ...seriesStroke(k) }), ...bars, ...dots];
  });
  return plot.render([ideal, ...parts]);
}
