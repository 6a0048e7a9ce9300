import { ScoresCsvError } from './scores-csv.errors';

/** A record of a CSV text and the line, from 1, on which it starts. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Splits CSV text after RFC 4180: comma-separated, LF or CRLF, fields in double quotes may hold commas, line ends and doubled
 * quotes. A byte-order mark is skipped, the last line end is optional, an empty line is a record of one empty field.
 *
 * @throws ScoresCsvError `SCORES.BAD_QUOTE` for a quote inside a bare field, text after a closing quote, or no closing quote.
 */
export function* csvRecords(text: string): Generator<CsvRecord> {
  let at = text.startsWith('\ufeff') ? 1 : 0;
  let line = 1;
  while (at < text.length) {
    const fields: string[] = [];
    const start = line;
    for (;;) {
      const field =
        text[at] === '"' ? quotedField(text, at, line, fields.length) : bareField(text, at, line, fields.length);
      fields.push(field.value);
      line += field.lines;
      at = field.end;
      if (text[at] !== ',') break;
      at++;
    }
    yield { line: start, fields };
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    line++;
  }
}

interface Field {
  readonly value: string;
  /** Index of the comma or line end after it, or the length of the text. */
  readonly end: number;
  /** Line ends inside it. */
  readonly lines: number;
}

function badQuote(line: number, column: number, what: string): never {
  throw new ScoresCsvError('SCORES.BAD_QUOTE', `line ${line}, field ${column + 1}: ${what}`, {
    details: { line, field: column + 1 },
  });
}

/** Whether the field ends at `at`: a comma, LF, CRLF or the end of the text. */
function endsAt(text: string, at: number): boolean {
  const here = text[at];
  return here === undefined || here === ',' || here === '\n' || (here === '\r' && text[at + 1] === '\n');
}

function bareField(text: string, start: number, line: number, column: number): Field {
  let end = start;
  for (; !endsAt(text, end); end++) {
    if (text[end] === '"') badQuote(line, column, 'expected a field with a quote to be in quotes as a whole');
  }
  return { value: text.slice(start, end), end, lines: 0 };
}

function quotedField(text: string, start: number, line: number, column: number): Field {
  let value = '';
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return badQuote(line, column, 'expected a closing quote, got the end of the text');
    value += text.slice(from, quote);
    if (text[quote + 1] !== '"') {
      if (!endsAt(text, quote + 1)) badQuote(line, column, 'expected a comma or a line end after the closing quote');
      return { value, end: quote + 1, lines: value.split('\n').length - 1 };
    }
    value += '"';
    from = quote + 2;
  }
}
