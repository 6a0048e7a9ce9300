import { DatasetError } from '../dataset.errors';

/**
 * Splits comma-separated text into records (RFC 4180: quoted fields, doubled quotes, line breaks inside quotes; CR LF or
 * LF; a byte-order mark is dropped). Empty lines are skipped.
 *
 * @throws DatasetError `DATASET.LABELS_FORMAT` for a quote that never closes.
 */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let position = text.startsWith('\uFEFF') ? 1 : 0;
  const endRecord = (): void => {
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  };
  while (position < text.length) {
    const field = text[position] === '"' ? quotedField(text, position, records.length + 1) : plainField(text, position);
    record.push(field.value);
    position = field.end;
    if (text[position] === ',') {
      position += 1;
      // A comma at the very end still opens one more, empty, field.
      if (position === text.length || text[position] === '\n' || text[position] === '\r') record.push('');
    }
    if (text[position] === '\r') position += 1;
    if (text[position] === '\n' || position >= text.length) {
      position += 1;
      endRecord();
    }
  }
  if (record.length > 0) endRecord();
  return records;
}

function plainField(text: string, start: number): { value: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== ',' && text[end] !== '\n' && text[end] !== '\r') end += 1;
  return { value: text.slice(start, end), end };
}

function quotedField(text: string, start: number, record: number): { value: string; end: number } {
  let value = '';
  let position = start + 1;
  for (;;) {
    const quote = text.indexOf('"', position);
    if (quote === -1) {
      throw new DatasetError(
        'DATASET.LABELS_FORMAT',
        `a quoted field in record ${record} of the labels file has no closing quote`,
      );
    }
    value += text.slice(position, quote);
    if (text[quote + 1] !== '"') {
      const rest = plainField(text, quote + 1);
      return { value: value + rest.value, end: rest.end };
    }
    value += '"';
    position = quote + 2;
  }
}
