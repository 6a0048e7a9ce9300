import { readFileSync } from 'node:fs';
import path from 'node:path';
import { DECODE_ERROR_CODES } from './decode.errors';

describe('the error reference', () => {
  it('has a row for each code', () => {
    const page = readFileSync(path.resolve(__dirname, '../../../../docs/errors/imaging.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `(IMAGING\.[A-Z_]+)` /gm)].map((match) => match[1]);
    expect([...rows].sort()).toEqual([...DECODE_ERROR_CODES, 'IMAGING.WRITE'].sort());
  });
});
