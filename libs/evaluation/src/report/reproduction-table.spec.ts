import { convergenceNote } from './reproduction-table';
import { type ReproductionRecord, type ReproductionRow } from './reproduction-types';

const record = (...rows: readonly (readonly [string, readonly number[]])[]): ReproductionRecord =>
  ({
    rows: rows.map(([title, unconverged]) => ({ title, unconverged }) as unknown as ReproductionRow),
  }) as unknown as ReproductionRecord;

it('names the rows and seeds whose longest training was the best, and says nothing when there are none', () => {
  expect(convergenceNote(record(['T = initial', []], ['Supervised', []]))).toBeNull();
  expect(convergenceNote(record(['T = initial', [0, 2]], ['T = 1', []], ['Supervised', [2]]))).toContain(
    'Not converged: T = initial (seed 0, 2); Supervised (seed 2).',
  );
});
