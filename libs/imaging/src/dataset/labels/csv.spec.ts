import fc from 'fast-check';

import { parseCsv } from './csv';

describe('parseCsv', () => {
  it('reads quoted commas, doubled quotes, line breaks in quotes, CR LF, a byte-order mark and empty lines', () => {
    expect(parseCsv('\uFEFFa,b\r\n"x, y","say ""hi"""\r\n\r\n"two\nlines",\n')).toEqual([
      ['a', 'b'],
      ['x, y', 'say "hi"'],
      ['two\nlines', ''],
    ]);
  });

  it('reads a last record without line break, and one that ends in a comma', () => {
    expect(parseCsv('a,b\n1,2')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
    expect(parseCsv('a,b\n1,')).toEqual([
      ['a', 'b'],
      ['1', ''],
    ]);
  });

  it('refuses a quote that never closes', () => {
    expect(() => parseCsv('a\n"b')).toThrow(expect.objectContaining({ code: 'DATASET.LABELS_FORMAT' }) as Error);
  });

  it('gives back whatever was written with quotes', () => {
    const records = fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(records, fc.constantFrom('\n', '\r\n'), (table, lineBreak) => {
        const text = table
          .map((record) => record.map((field) => `"${field.replaceAll('"', '""')}"`).join(','))
          .join(lineBreak);
        expect(parseCsv(text)).toEqual(table);
      }),
      { numRuns: 200 },
    );
  });
});
