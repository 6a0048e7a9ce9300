import { type ConfusionMatrix } from '../confusion';
import { AXIS_COLOUR } from './palette';
import { element, svgDocument, textAt } from './svg';

export interface ConfusionFigureOptions {
  readonly title?: string;
  /** Name of the finding; default "positive". */
  readonly positive?: string;
  /** Name of its absence; default "negative". */
  readonly negative?: string;
}

const CELL = 130;
const LEFT = 110;
const TOP = 78;

/**
 * A confusion matrix as a self-contained SVG document: rows are the truth, columns what the model called; each cell shows its
 * count and its share of the row, and is the darker the larger that share.
 */
export function confusionFigure(matrix: ConfusionMatrix, options: ConfusionFigureOptions = {}): string {
  const { title = 'Confusion matrix', positive = 'positive', negative = 'negative' } = options;
  const { truePositives, falsePositives, trueNegatives, falseNegatives } = matrix;
  const rows = [
    [trueNegatives, falsePositives],
    [falseNegatives, truePositives],
  ] as const;
  const names = [negative, positive];
  const cells = rows.flatMap((row, r) =>
    row.map((count, c) => cell(count, row[0] + row[1], LEFT + c * CELL, TOP + r * CELL)),
  );
  const middle = (k: number): number => k * CELL + CELL / 2;
  const headings = names.flatMap((name, k) => [
    textAt(LEFT + middle(k), TOP - 10, name, { anchor: 'middle' }),
    textAt(LEFT - 12, TOP + middle(k), name, { anchor: 'middle', rotate: -90 }),
  ]);
  return svgDocument(
    {
      width: LEFT + 2 * CELL + 24,
      height: TOP + 2 * CELL + 24,
      title,
      description:
        `${truePositives} true positive, ${falsePositives} false positive, ${trueNegatives} true negative, ` +
        `${falseNegatives} false negative cases.`,
    },
    [
      textAt(LEFT + CELL, 24, title, { size: 15, anchor: 'middle', weight: 'bold' }),
      textAt(LEFT + CELL, 48, 'called by the model', { anchor: 'middle' }),
      textAt(LEFT - 46, TOP + CELL, 'truth', { anchor: 'middle', rotate: -90 }),
      ...headings,
      ...cells,
    ],
  );
}

function cell(count: number, rowTotal: number, x: number, y: number): string {
  const share = rowTotal === 0 ? 0 : count / rowTotal;
  // From white to #0072b2.
  const colour = [0x00, 0x72, 0xb2].map((full) => Math.round(255 + (full - 255) * share));
  const fill = `rgb(${colour.join(', ')})`;
  const ink = luminance(colour) > BALANCED ? '#111111' : '#ffffff';
  const percent = rowTotal === 0 ? 'no cases' : `${(100 * share).toFixed(1)} %`;
  return (
    element('rect', { x, y, width: CELL, height: CELL, fill, stroke: AXIS_COLOUR }) +
    textAt(x + CELL / 2, y + CELL / 2, String(count), { size: 24, anchor: 'middle', weight: 'bold', fill: ink }) +
    textAt(x + CELL / 2, y + CELL / 2 + 24, percent, { size: 13, anchor: 'middle', fill: ink })
  );
}

/** Luminance at which white and #111111 stand out alike: the two contrast ratios are equal there. */
const BALANCED = Math.sqrt(1.05 * (luminance([0x11, 0x11, 0x11]) + 0.05)) - 0.05;

/** Relative luminance of an sRGB colour, 0 to 1 (WCAG 2.2). @param rgb 0 to 255 each */
function luminance(rgb: readonly number[]): number {
  const linear = rgb.map((level) => (level <= 10.31475 ? level / 255 / 12.92 : ((level / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
}
