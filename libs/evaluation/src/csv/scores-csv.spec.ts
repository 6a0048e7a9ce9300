import fc from 'fast-check';
import { csvRecords } from './csv-records';
import { parseScoresCsv } from './scores-csv';

const error = (code: string, place: string): Error =>
  expect.objectContaining({ code: `SCORES.${code}`, message: expect.stringContaining(place) as string }) as Error;

describe('csvRecords', () => {
  it('reads back any table, quoted or bare, with either line end', () => {
    const bare = fc.string().filter((text) => !/["\r\n,\ufeff]/.test(text));
    const cell = fc.oneof(bare, fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ') }));
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 5 }),
      );
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), (rows, end) => {
        const quote = (text: string): string => (/["\r\n,]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
        const text = rows.map((row) => row.map(quote).join(',') + end).join('');
        expect([...csvRecords(text)].map(({ fields }) => fields)).toEqual(rows);
      }),
      { numRuns: 200 },
    );
  });

  it('counts lines inside quotes', () => {
    expect([...csvRecords('a\n"x\ny"\nb')].map(({ line }) => line)).toEqual([1, 2, 4]);
  });
});

describe('parseScoresCsv', () => {
  it('reads every column, in any order', () => {
    const table = parseScoresCsv(
      '\ufeffpatient,score,y,score2,group:sex\r\n"a, b",0.5,1,-1e-3,f\r\np2,.25,0,+2.,m\r\n',
    );
    expect([...table.labels]).toEqual([1, 0]);
    expect([...table.scores]).toEqual([0.5, 0.25]);
    expect([...table.scores2!]).toEqual([-0.001, 2]);
    expect(table.patients).toEqual(['a, b', 'p2']);
    expect([...table.groups]).toEqual([['sex', ['f', 'm']]]);
  });

  it('does without the optional columns', () => {
    const table = parseScoresCsv('y,score\n1,3\n');
    expect([table.scores2, table.patients, table.groups.size]).toEqual([null, null, 0]);
  });

  it.each([
    ['EMPTY', 'line 1', ''],
    ['EMPTY', 'line 2', 'y,score\n'],
    ['MISSING_COLUMN', 'column "y"', 'score\n1'],
    ['MISSING_COLUMN', 'column "score"', 'y,patient\n1,a'],
    ['UNKNOWN_COLUMN', 'line 1, column "label"', 'y,score,label\n'],
    ['UNKNOWN_COLUMN', 'column " score"', 'y, score\n'],
    ['UNKNOWN_COLUMN', 'column "group:"', 'y,score,group:\n'],
    ['DUPLICATE_COLUMN', 'column "y"', 'y,score,y\n'],
    ['FIELD_COUNT', 'line 3', 'y,score\n1,0.5\n1\n'],
    ['FIELD_COUNT', 'line 3', 'y,score\n1,0.5\n\n0,0.1\n'],
    ['FIELD_COUNT', 'line 2', 'y,score\n1,0,5\n'],
    ['BAD_LABEL', 'line 2, column "y"', 'y,score\n2,0.5\n'],
    ['BAD_LABEL', 'line 2, column "y"', 'y,score\n1.0,0.5\n'],
    ['BAD_NUMBER', 'line 3, column "score"', 'y,score\n1,0.5\n0,nan\n'],
    ['BAD_NUMBER', 'line 2, column "score"', 'y,score\n1,\n'],
    ['BAD_NUMBER', 'line 2, column "score"', 'y,score\n1, 0.5\n'],
    ['BAD_NUMBER', 'line 2, column "score"', 'y,score\n1,0x10\n'],
    ['BAD_NUMBER', 'line 2, column "score"', 'y,score\n1,1e999\n'],
    ['BAD_NUMBER', 'line 2, column "score2"', 'y,score,score2\n1,0.5,Infinity\n'],
    ['BAD_NUMBER', 'line 4, column "score"', 'y,score,patient\n1,0.5,"a\nb"\n0,x,c\n'],
    ['EMPTY_PATIENT', 'line 2, column "patient"', 'y,score,patient\n1,0.5,\n'],
    ['BAD_QUOTE', 'line 2, field 2', 'y,score\n1,0.5"\n'],
    ['BAD_QUOTE', 'line 2, field 2', 'y,score\n1,"0.5"x\n'],
    ['BAD_QUOTE', 'line 2, field 2', 'y,score\n1,"0.5\n'],
  ])('%s at %s: %j', (code, place, text) => {
    expect(() => parseScoresCsv(text)).toThrow(error(code, place));
  });
});
