import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { DatasetError } from '../dataset.errors';

/** Text of a labels file, plain or gzipped. @throws DatasetError `DATASET.LABELS_FORMAT` without the path or the content. */
export function readLabelText(file: string): string {
  try {
    const bytes = readFileSync(file);
    return (file.toLowerCase().endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new DatasetError('DATASET.LABELS_FORMAT', `the labels file cannot be read (${code})`, { details: { code } });
  }
}
