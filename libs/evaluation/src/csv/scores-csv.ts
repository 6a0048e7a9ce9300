import { type CsvRecord, csvRecords } from './csv-records';
import { ScoresCsvError } from './scores-csv.errors';

/** A table of scores, one row for each case. */
export interface ScoresTable {
  /** 0 or 1. */
  readonly labels: Uint8Array;
  readonly scores: Float64Array;
  /** A second model's scores of the same cases; `null` without the column. */
  readonly scores2: Float64Array | null;
  /** `null` without the column: every case counts as a patient of its own. */
  readonly patients: readonly string[] | null;
  /** Columns `group:NAME` by NAME: subgroup of each case. */
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

/** A decimal number as written by any program: sign, digits, point, exponent. No "nan", "inf", "0x10" or blanks. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function fail(reason: string, record: CsvRecord | { line: number }, column: string | null, message: string): never {
  const place = column === null ? `line ${record.line}` : `line ${record.line}, column "${column}"`;
  throw new ScoresCsvError(`SCORES.${reason}`, `${place}: ${message}`, { details: { line: record.line, column } });
}

/** A cell as it may stand in a message: quoted, and cut. */
const shown = (cell: string): string => JSON.stringify(cell.length > 40 ? `${cell.slice(0, 37)}...` : cell);

/**
 * Reads a table with the header `y,score[,score2][,patient][,group:NAME ...]`, columns in any order. `y` is 0 or 1; scores are
 * finite decimal numbers; a patient is any text that is not empty.
 *
 * @throws ScoresCsvError `SCORES.EMPTY`, `SCORES.MISSING_COLUMN`, `SCORES.UNKNOWN_COLUMN`, `SCORES.DUPLICATE_COLUMN`,
 *   `SCORES.FIELD_COUNT`, `SCORES.BAD_LABEL`, `SCORES.BAD_NUMBER`, `SCORES.EMPTY_PATIENT`, `SCORES.BAD_QUOTE`.
 */
export function parseScoresCsv(text: string): ScoresTable {
  const records = csvRecords(text);
  const first = records.next();
  if (first.done) return fail('EMPTY', { line: 1 }, null, 'expected a header y,score[,score2][,patient], got nothing');
  const header = checkHeader(first.value);
  const cells = header.map((): string[] => []);
  const lines: number[] = [];
  for (const record of records) {
    if (record.fields.length !== header.length) {
      fail('FIELD_COUNT', record, null, `expected ${header.length} fields, got ${record.fields.length}`);
    }
    record.fields.forEach((field, k) => cells[k]?.push(field));
    lines.push(record.line);
  }
  if (lines.length === 0) fail('EMPTY', { line: 2 }, null, 'expected at least one row after the header, got none');

  const column = (name: string): string[] => cells[header.indexOf(name)] ?? [];
  const numbers = (name: string): Float64Array =>
    Float64Array.from(column(name), (cell, row) => toNumber(cell, { line: lines[row] ?? 0 }, name));
  const patients = header.includes('patient') ? column('patient') : null;
  const unnamed = patients?.indexOf('') ?? -1;
  if (unnamed >= 0)
    fail('EMPTY_PATIENT', { line: lines[unnamed] ?? 0 }, 'patient', 'expected a patient, got an empty field');
  return {
    labels: Uint8Array.from(column('y'), (cell, row) => {
      if (cell === '0' || cell === '1') return Number(cell);
      return fail('BAD_LABEL', { line: lines[row] ?? 0 }, 'y', `expected 0 or 1, got ${shown(cell)}`);
    }),
    scores: numbers('score'),
    scores2: header.includes('score2') ? numbers('score2') : null,
    patients,
    groups: new Map(
      header.filter((name) => name.startsWith('group:')).map((name) => [name.slice('group:'.length), column(name)]),
    ),
  };
}

function checkHeader(record: CsvRecord): readonly string[] {
  const names = record.fields;
  names.forEach((name, k) => {
    if (!['y', 'score', 'score2', 'patient'].includes(name) && !/^group:./.test(name)) {
      fail('UNKNOWN_COLUMN', record, name.slice(0, 40), 'expected y, score, score2, patient or group:NAME');
    }
    if (names.indexOf(name) !== k) fail('DUPLICATE_COLUMN', record, name, 'the column occurs twice');
  });
  for (const name of ['y', 'score']) {
    if (!names.includes(name))
      fail('MISSING_COLUMN', record, name, `expected the column in the header, got ${names.join()}`);
  }
  return names;
}

function toNumber(cell: string, record: { line: number }, column: string): number {
  const value = NUMBER.test(cell) ? Number(cell) : NaN;
  return Number.isFinite(value)
    ? value
    : fail('BAD_NUMBER', record, column, `expected a finite number, got ${shown(cell)}`);
}
