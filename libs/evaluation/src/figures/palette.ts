/** Okabe and Ito's colours, told apart by readers with any colour vision; black is kept for text and axes. */
export const SERIES_COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'] as const;

/** Line patterns that tell series apart in print. */
const DASHES = ['none', '7 3', '2 3', '9 3 2 3'] as const;

export const POSITIVE_COLOUR = '#d55e00';
export const NEGATIVE_COLOUR = '#0072b2';
export const GRID_COLOUR = '#e4e4e4';
export const AXIS_COLOUR = '#444444';
export const REFERENCE_COLOUR = '#999999';

/** Stroke of series `index`; colours repeat after six, with other dashes. */
export function seriesStroke(index: number): { readonly stroke: string; readonly 'stroke-dasharray': string } {
  const stroke = SERIES_COLOURS[index % SERIES_COLOURS.length] ?? SERIES_COLOURS[0];
  return { stroke, 'stroke-dasharray': DASHES[index % DASHES.length] ?? 'none' };
}
