import { type MeanInterval } from '../student-t';
import { confidenceText, decimals, signed, signedRange } from './format-number';
import { type ReproductionRecord, type ReproductionRow } from './reproduction-types';

/** The table as Markdown. */
export function reproductionMarkdown(record: ReproductionRecord): string {
  const { head, rows } = reproductionCells(record);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return `${[line(head), line(head.map((_, k) => (k === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')}\n`;
}

/**
 * What has to be known of the supervised rows before a curve is said to rise above them; null when all have converged. T = initial
 * is one of them where it is trained as long as they are.
 */
export function convergenceNote({ rows }: ReproductionRecord): string | null {
  const open = rows.filter(({ unconverged }) => unconverged.length > 0);
  if (open.length === 0) return null;
  const names = open.map(({ title, unconverged }) => `${title} (seed ${unconverged.join(', ')})`).join('; ');
  return `Not converged: ${names}. The longest training was the best by validation; a longer one (protocol.doublings) may reach what the curve reaches.`;
}

/** The table's numbers in full as CSV (RFC 4180), one line a row and seed. */
export function reproductionCsv({ rows, seeds }: ReproductionRecord): string {
  const head = 'row,group,stage,label_noise,seed,training_images,auc,auc_with_unseen,validation_auc,choice';
  const lines = rows.flatMap((row) =>
    seeds.map((seed, k) =>
      [
        row.key,
        row.group,
        row.stage ?? '',
        row.labelNoise,
        seed,
        row.images[k] ?? '',
        row.aucs[k] ?? '',
        row.unseen?.aucs[k] ?? '',
        row.validation[k] ?? '',
        row.choices[k] ?? '',
      ]
        .map(cell)
        .join(','),
    ),
  );
  return `${[head, ...lines].join('\r\n')}\r\n`;
}

/** Heading and rows of the table for people. */
export function reproductionCells(record: ReproductionRecord): { head: string[]; rows: string[][] } {
  const { rows, seeds, confidence, data } = record;
  const withInterval = seeds.length > 1 ? ` (${confidenceText(confidence)} interval)` : '';
  const hasUnseen = data.unseenClass !== null;
  return {
    head: [
      'Method',
      'Training images',
      `AUC, mean of ${seeds.length}${withInterval}`,
      'Minus T = initial',
      'Minus supervised',
      ...(hasUnseen ? [`AUC with ${data.unseenClass} among the negatives`] : []),
      ...seeds.map((seed) => `Seed ${seed}`),
    ],
    rows: rows.map((row) => [
      row.title,
      imagesText(row),
      meanText(row.auc),
      differenceText(row.minusInitial),
      differenceText(row.minusSupervised),
      ...(hasUnseen ? [row.unseen === null ? '–' : meanText(row.unseen.auc)] : []),
      ...row.aucs.map((auc) => decimals(auc)),
    ]),
  };
}

function imagesText({ images }: ReproductionRow): string {
  const [least, most] = [Math.min(...images), Math.max(...images)];
  return least === most ? String(least) : `${least} to ${most}`;
}

/** "0.912 (0.881 to 0.943)"; a t interval of a few seeds may go beyond what an AUC can be, and is cut there. */
export function meanText({ mean, lower, upper }: MeanInterval): string {
  if (lower === null || upper === null) return decimals(mean);
  return `${decimals(mean)} (${decimals(Math.max(0, lower))} to ${decimals(Math.min(1, upper))})`;
}

function differenceText(difference: MeanInterval | null): string {
  if (difference === null) return '–';
  const { mean, lower, upper } = difference;
  return lower === null || upper === null ? signed(mean) : `${signed(mean)} (${signedRange(lower, upper)})`;
}

function cell(content: string | number): string {
  const text = String(content);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
