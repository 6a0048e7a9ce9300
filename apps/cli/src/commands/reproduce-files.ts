import { join } from 'node:path';
import { writeFileAtomic } from '@fedistl/core/node';
import {
  reproductionCsv,
  reproductionFigures,
  reproductionMarkdown,
  type ReproductionRecord,
  reproductionReport,
  type ReproductionTime,
} from '@fedistl/evaluation';
import { writeReportFiles } from './evaluate-files';

/**
 * Writes the results: `report.json`, `table.md`, `table.csv` and the figures, which are the same for the same run, and
 * `report.html`, which says besides how long it took. @throws FileError
 */
export async function writeReproduction(
  folder: string,
  record: ReproductionRecord,
  time: ReproductionTime,
): Promise<void> {
  const html = reproductionReport(record, time);
  await writeReportFiles(folder, { name: 'report', record, html, figures: reproductionFigures(record) });
  await writeFileAtomic(join(folder, 'table.md'), [Buffer.from(reproductionMarkdown(record))]);
  await writeFileAtomic(join(folder, 'table.csv'), [Buffer.from(reproductionCsv(record))]);
}
