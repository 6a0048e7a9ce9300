import path from 'node:path';

import { DatasetError } from '../dataset.errors';
import { viewCode } from '../header-codes';
import { parseCsv } from './csv';
import { type ImageLabels, NO_LABELS, splitFromWord } from './image-labels';
import { CHEST_XRAY14_FINDINGS, type LabelColumns, normaliseFinding, readLabelColumns } from './label-columns';
import { readLabelText } from './label-text';
import { parseAcquisitionTime, parseAge, parseSex } from './label-values';

export interface LabelFileOptions {
  /** Extra columns to keep as attributes. */
  readonly keep: readonly string[];
  readonly positive: string | null;
}

/** Labels by image. */
export interface LabelTable {
  /** Labels of the file at `relativePath` ('/' separated, relative to the source), or null. */
  find(relativePath: string): ImageLabels | null;
  /** Paths that the file lists (form with a `file` column), with their labels; empty for the NIH table of names. */
  readonly listed: ReadonlyMap<string, ImageLabels>;
  readonly rows: number;
}

/**
 * Reads `labels.csv` (columns `file,split,label[,patient]`, or `file` and one 0/1 column a finding) or the NIH table
 * (`Image Index`, `Finding Labels` with '|'), plain or gzipped.
 *
 * A file is looked up by its path, then by its name, then by its name without extension (copies are often re-encoded);
 * a name that occurs twice counts for none.
 *
 * @throws DatasetError `DATASET.LABELS_FORMAT` with the row's number, never its content.
 */
export function readLabelFile(file: string, options: LabelFileOptions): LabelTable {
  const [header, ...rows] = parseCsv(readLabelText(file));
  if (header === undefined) throw new DatasetError('DATASET.LABELS_FORMAT', 'the labels file is empty');
  const columns = readLabelColumns(header, options.keep, options.positive);
  if (columns.file === -1 && columns.imageIndex === -1) {
    throw new DatasetError(
      'DATASET.LABELS_FORMAT',
      "expected a column 'file' or 'Image Index' in the labels file, found neither",
    );
  }
  const byPath = new Map<string, ImageLabels>();
  rows.forEach((row, at) => {
    if (row.length !== header.length && !(columns.findingList !== -1 && row.length > header.length)) {
      throw new DatasetError(
        'DATASET.LABELS_FORMAT',
        `expected ${header.length} fields in row ${at + 2} of the labels file, got ${row.length}`,
      );
    }
    const key = normalisePath(row[columns.file === -1 ? columns.imageIndex : columns.file] ?? '');
    if (byPath.has(key))
      throw new DatasetError('DATASET.LABELS_FORMAT', `row ${at + 2} of the labels file names an image a second time`);
    byPath.set(key, readRow(row, columns, at + 2));
  });
  return createLabelTable(byPath, columns.file !== -1);
}

function readRow(row: readonly string[], columns: LabelColumns, rowNumber: number): ImageLabels {
  const cell = (column: number): string => (column === -1 ? '' : (row[column] ?? '').trim());
  const splitWord = cell(columns.split);
  const split = splitFromWord(splitWord);
  if (splitWord !== '' && split === null) {
    throw new DatasetError(
      'DATASET.LABELS_FORMAT',
      `expected train, val or test in the split column of row ${rowNumber} of the labels file`,
    );
  }
  const attributes: Record<string, string | number> = {};
  const age = parseAge(cell(columns.age));
  if (age !== null) attributes['age'] = age;
  const sex = parseSex(cell(columns.sex));
  if (sex !== null) attributes['sex'] = sex;
  for (const { name, column } of columns.attributes) if (cell(column) !== '') attributes[name] = cell(column);
  return {
    ...NO_LABELS,
    split,
    className: cell(columns.label) === '' ? null : cell(columns.label),
    findings: readFindings(cell, columns, rowNumber),
    patient: cell(columns.patient) === '' ? null : cell(columns.patient),
    view: viewCode(cell(columns.view)),
    acquiredAt: parseAcquisitionTime(cell(columns.acquiredAt)),
    attributes,
  };
}

function readFindings(
  cell: (column: number) => string,
  columns: LabelColumns,
  rowNumber: number,
): Record<string, 0 | 1> {
  const findings: Record<string, 0 | 1> = {};
  for (const { name, column } of columns.findings) {
    const text = cell(column);
    const value = Number(text);
    // CheXpert writes -1 for "uncertain" and leaves "not mentioned" empty: neither is a label.
    if (text === '' || value === -1) continue;
    if (value !== 0 && value !== 1) {
      throw new DatasetError(
        'DATASET.LABELS_FORMAT',
        `expected 0, 1, -1 or nothing for a finding in row ${rowNumber} of the labels file`,
      );
    }
    findings[name] = value;
  }
  const list = cell(columns.findingList);
  if (columns.findings.length > 0 || list === '') return findings;
  const present = new Set(list.split('|').map(normaliseFinding));
  for (const name of CHEST_XRAY14_FINDINGS) findings[name] = present.has(normaliseFinding(name)) ? 1 : 0;
  return findings;
}

function createLabelTable(byPath: ReadonlyMap<string, ImageLabels>, pathsAreFiles: boolean): LabelTable {
  const byName = uniqueBy(byPath, (key) => path.posix.basename(key));
  const byStem = uniqueBy(byPath, stem);
  return {
    find: (relativePath) => {
      const key = normalisePath(relativePath);
      return byPath.get(key) ?? byName.get(path.posix.basename(key)) ?? byStem.get(stem(key)) ?? null;
    },
    listed: pathsAreFiles ? byPath : new Map(),
    rows: byPath.size,
  };
}

function uniqueBy(byPath: ReadonlyMap<string, ImageLabels>, form: (key: string) => string): Map<string, ImageLabels> {
  const found = new Map<string, ImageLabels>();
  const ambiguous = new Set<string>();
  for (const [key, labels] of byPath) {
    const short = form(key);
    if (found.has(short)) ambiguous.add(short);
    found.set(short, labels);
  }
  for (const short of ambiguous) found.delete(short);
  return found;
}

function stem(key: string): string {
  const base = path.posix.basename(key);
  return base.slice(0, base.length - path.posix.extname(base).length);
}

function normalisePath(text: string): string {
  return path.posix.normalize(text.trim().replaceAll('\\', '/')).replace(/^\.\//, '');
}
