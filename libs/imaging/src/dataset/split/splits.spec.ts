import { assignFolds, foldBoundaries } from './assign-folds';
import { assignSplits, countStraddlingPatients } from './assign-splits';
import { findDuplicates } from './find-duplicates';
import { groupByPatient } from './patient-groups';
import { type SplitRow } from './split-rows';
import { strataOf } from './strata';

const row = (id: number, over: Partial<SplitRow> = {}): SplitRow => ({
  id,
  contentSha256: `c${id}`,
  pixelKey: `p${id}`,
  patient: null,
  givenSplit: null,
  givenFold: null,
  split: null,
  fold: null,
  acquiredAt: null,
  className: null,
  findings: new Map(),
  reason: null,
  ...over,
});
const SETTINGS = { splitShares: { train: 0.8, val: 0.1, test: 0.1 }, seed: '0' };
const FOLDS = { folds: 3, foldBy: 'hash' as const, labelledShare: 0, seed: '0', foldBoundaries: null };
const split = (rows: readonly SplitRow[]) => {
  const groups = groupByPatient(rows);
  return { groups, splits: assignSplits(groups, strataOf(groups, null), SETTINGS) };
};

describe('findDuplicates', () => {
  it('keeps the copy in the most held-out split', () => {
    const rows = [
      row(1, { pixelKey: 'x', givenSplit: 'train' }),
      row(2, { pixelKey: 'x', givenSplit: 'train' }),
      row(3, { pixelKey: 'x', givenSplit: 'val' }),
      row(4),
    ];
    expect([...findDuplicates(rows)]).toEqual([
      [1, 'duplicate'],
      [2, 'duplicate'],
    ]);
  });

  it('keeps a labelled copy, and the same one whichever came first', () => {
    const labelled = row(2, { pixelKey: 'x', className: 'TB' });
    expect([...findDuplicates([row(1, { pixelKey: 'x' }), labelled])]).toEqual([[1, 'duplicate']]);
    const [early, late] = [
      row(1, { pixelKey: 'x', contentSha256: 'b' }),
      row(2, { pixelKey: 'x', contentSha256: 'a' }),
    ];
    expect([...findDuplicates([early, late]).keys()]).toEqual([1]);
    expect([
      ...findDuplicates([
        { ...early, id: 2 },
        { ...late, id: 1 },
      ]).keys(),
    ]).toEqual([2]);
  });

  it('uses none of the copies that disagree about the label', () => {
    const rows = [
      row(1, { pixelKey: 'x', className: 'TB' }),
      row(2, { pixelKey: 'x', className: 'NORMAL' }),
      row(3, { pixelKey: 'x' }),
    ];
    expect([...findDuplicates(rows).values()]).toEqual(['label_conflict', 'label_conflict', 'label_conflict']);
    const findings = [
      row(1, { pixelKey: 'x', findings: new Map([['Edema', 1]]) }),
      row(2, { pixelKey: 'x', findings: new Map([['Edema', 0]]) }),
    ];
    expect(findDuplicates(findings).size).toBe(2);
  });
});

describe('assignSplits', () => {
  it('keeps a patient together', () => {
    const rows = Array.from({ length: 200 }, (_, id) => row(id, { patient: `patient ${id % 40}` }));
    const { groups, splits } = split(rows);
    expect(countStraddlingPatients(groups, splits)).toBe(0);
    expect(new Set(splits.values())).toEqual(new Set(['train', 'val', 'test']));
  });

  it('joins two patients who share an image', () => {
    const rows = [
      row(1, { patient: 'a' }),
      row(2, { patient: 'a', pixelKey: 'x' }),
      row(3, { patient: 'b', pixelKey: 'x' }),
      row(4, { patient: 'b' }),
    ];
    expect(groupByPatient(rows)).toHaveLength(1);
  });

  it("keeps the source's splits, and lets a patient's other images follow into the most held-out one", () => {
    const { splits } = split([
      row(1, { patient: 'a', givenSplit: 'train' }),
      row(2, { patient: 'a', givenSplit: 'test' }),
      row(3, { patient: 'a' }),
    ]);
    expect([...splits.values()]).toEqual(['train', 'test', 'test']);
  });

  it('gives the same result whatever the order and the numbers of the images', () => {
    const rows = Array.from({ length: 90 }, (_, id) =>
      row(id, { patient: `patient ${id % 31}`, className: id % 3 === 0 ? 'TB' : 'NORMAL' }),
    );
    const byContent = (all: readonly SplitRow[]) =>
      all.map(({ id, contentSha256 }) => [contentSha256, split(all).splits.get(id)]).sort();
    const reversed = [...rows].reverse().map((one, id) => ({ ...one, id }));
    expect(byContent(reversed)).toEqual(byContent(rows));
  });

  it('spreads a rare finding over the splits', () => {
    const rows = Array.from({ length: 1000 }, (_, id) =>
      row(id, {
        findings: new Map([
          ['Edema', id % 2],
          ['Hernia', id < 20 ? 1 : 0],
        ]),
      }),
    );
    const { splits } = split(rows);
    const withHernia = (name: string): number => rows.filter(({ id }) => id < 20 && splits.get(id) === name).length;
    expect([withHernia('train'), withHernia('val'), withHernia('test')]).toEqual([16, 2, 2]);
  });
});

describe('assignFolds', () => {
  const folds = (rows: readonly SplitRow[], settings: Partial<Parameters<typeof assignFolds>[2]> = {}) => {
    const groups = groupByPatient(rows);
    return assignFolds(groups, strataOf(groups, null), { ...FOLDS, ...settings }, null);
  };
  const sizes = (all: ReadonlyMap<number, number>): number[] => {
    const counts: number[] = [];
    for (const fold of all.values()) counts[fold] = (counts[fold] ?? 0) + 1;
    return counts;
  };

  it('cuts evenly by hash', () => {
    expect(sizes(folds(Array.from({ length: 90 }, (_, id) => row(id))))).toEqual([, 30, 30, 30]);
  });

  it("makes DISTL's cut: a tenth labelled, the rest in three", () => {
    const rows = Array.from({ length: 100 }, (_, id) => row(id, { className: 'TB' }));
    expect(sizes(folds(rows, { labelledShare: 0.1 }))).toEqual([10, 30, 30, 30]);
  });

  it('takes only labelled images into fold 0', () => {
    const rows = Array.from({ length: 100 }, (_, id) => row(id, id < 50 ? { className: 'TB' } : {}));
    const result = folds(rows, { labelledShare: 0.2 });
    expect([...result].filter(([, fold]) => fold === 0).every(([id]) => id < 50)).toBe(true);
    expect(sizes(result)[0]).toBe(10);
  });

  it('goes by date, with no date on both sides of a cut', () => {
    const days = ['2020-01-01', '2020-01-01', '2020-01-02', '2020-02-01', '2020-03-01', '2020-03-02'];
    const rows = days.map((acquiredAt, id) => row(id, { acquiredAt }));
    const boundaries = foldBoundaries(days, 3);
    expect(boundaries).toEqual(['2020-01-01', '2020-02-01']);
    expect([...folds(rows, { foldBy: 'date', foldBoundaries: boundaries }).values()]).toEqual([1, 1, 2, 2, 3, 3]);
  });

  it('keeps folds once given, and puts later images where the operator says', () => {
    const before = folds(Array.from({ length: 30 }, (_, id) => row(id)));
    const grown = [
      ...Array.from({ length: 30 }, (_, id) => row(id, { fold: before.get(id) ?? null })),
      row(30, { givenFold: 4 }),
      row(31),
    ];
    const after = folds(grown);
    for (const [id, fold] of before) expect(after.get(id)).toBe(fold);
    expect(after.get(30)).toBe(4);
    expect([1, 2, 3]).toContain(after.get(31));
  });
});
