import { chmodSync, closeSync, openSync, writeSync } from 'node:fs';

import { DatasetError } from '../dataset.errors';
import { type IndexDatabase } from '../store/index-database';

/** Files seen in one import: keyed hash -> path inside the source. */
export type SeenFiles = ReadonlyMap<string, string>;

/**
 * Makes the report's file, empty and for its owner alone, before the import begins: a wrong path shows at once.
 *
 * @throws DatasetError `DATASET.SETTINGS`
 */
export function createQuarantineReport(file: string): void {
  try {
    closeSync(openSync(file, 'w', 0o600));
    // The mode above counts for new files only.
    chmodSync(file, 0o600);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new DatasetError('DATASET.SETTINGS', `the report cannot be written to the file given (${code})`, {
      details: { code },
    });
  }
}

/**
 * Writes which files were not used, and why: `file,reason,code`. The only place where paths are written, asked for by the
 * operator, readable by the operator alone (mode 0600), and never stored with the data set.
 */
export function writeQuarantineReport(file: string, index: IndexDatabase, seen: SeenFiles): number {
  const descriptor = openSync(file, 'w', 0o600);
  let rows = 0;
  try {
    writeSync(descriptor, 'file,reason,code\r\n');
    for (const row of index.iterate('SELECT locator, reason, detail FROM image WHERE reason IS NOT NULL ORDER BY id')) {
      const relativePath = seen.get(String(row['locator']));
      if (relativePath === undefined) continue;
      writeSync(descriptor, `${csvField(relativePath)},${String(row['reason'])},${String(row['detail'] ?? '')}\r\n`);
      rows += 1;
    }
  } finally {
    closeSync(descriptor);
  }
  return rows;
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
