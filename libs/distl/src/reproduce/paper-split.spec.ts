import { type DataSet, type DataSetItem } from '@fedistl/imaging';
import { paperSet, paperSplit } from './paper-split';
import { PROTOCOL } from './reproduce-plan';

/** Images of 90 patients, two each; every third patient is positive, every tenth without labels. */
function items(splitOf: (patient: number) => DataSetItem['split']): DataSetItem[] {
  return Array.from({ length: 180 }, (_, id) => {
    const patient = Math.floor(id / 2);
    const label = patient % 10 === 9 ? null : patient % 3 === 0 ? 1 : 0;
    const rest = { slot: id, fold: null, view: null, acquiredAt: null, attributes: {} };
    return {
      id,
      contentSha256: `${(id * 7919) % 997}`,
      label,
      patient: `p${patient}`,
      split: splitOf(patient),
      ...rest,
    };
  });
}

const setOf = (all: DataSetItem[], positive: string | null = 'tb'): DataSet =>
  ({ name: 'x', positive, select: () => ({ items: all }) }) as unknown as DataSet;
const own = items((patient) => (patient % 5 === 0 ? 'test' : patient % 5 === 1 ? 'val' : 'train'));
const protocol = { ...PROTOCOL, labelledShare: 0.3, validation: 'labelled-share', validationShare: 0.4 } as const;
const patients = (part: readonly DataSetItem[]): Set<string | null> => new Set(part.map(({ patient }) => patient));

it('divides the training split by patient, with both classes, and leaves no image out or in two parts', () => {
  const set = paperSet(setOf(own), protocol, new Set());
  expect(set.testIsOwn).toBe(true);
  const { labelled, validation, folds } = paperSplit(set, protocol, 3, 1);
  const parts = [labelled, validation, ...folds];
  expect(
    parts
      .flat()
      .map(({ id }) => id)
      .sort((a, b) => a - b),
  ).toEqual(set.training.map(({ id }) => id));
  const seen = parts.flatMap((part) => [...patients(part)]);
  expect(new Set(seen).size).toBe(seen.length);
  for (const part of [labelled, validation]) {
    expect(new Set(part.map(({ label }) => label))).toEqual(new Set([0, 1]));
  }
  const share = (labelled.length + validation.length) / set.training.length;
  expect(Math.abs(share - 0.3)).toBeLessThan(0.06);
  const sizes = folds.map(({ length }) => length);
  expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(6);
});

it('depends on the seed and the images, not on their order in the data set', () => {
  const ids = (all: DataSetItem[], seed: number): string[] =>
    paperSplit(paperSet(setOf(all), protocol, new Set()), protocol, 3, seed)
      .labelled.map(({ contentSha256 }) => contentSha256)
      .sort();
  expect(ids([...own].reverse(), 1)).toEqual(ids(own, 1));
  expect(ids(own, 2)).not.toEqual(ids(own, 1));
});

it('makes a test set by patient where there is none, the same for every seed', () => {
  const set = paperSet(setOf(items(() => 'train')), protocol, new Set());
  expect(set.testIsOwn).toBe(false);
  expect(new Set(set.test.map(({ label }) => label))).toEqual(new Set([0, 1]));
  const test = patients(set.test);
  expect(set.training.filter(({ patient, label }) => label !== null && test.has(patient))).toEqual([]);
  expect(Math.abs(set.test.length / 162 - protocol.testShare)).toBeLessThan(0.05);
});

it('validates by the validation split where there is one, and trains on the whole labelled share', () => {
  const validation = own.filter(({ split, label }) => split === 'val' && label !== null);
  const ofOwn = { ...protocol, validation: 'own-split' } as const;
  const set = paperSet(setOf(own), ofOwn, new Set());
  const split = paperSplit(set, ofOwn, 3, 1);
  expect(split.validation).toEqual(validation);
  expect(Math.abs(split.labelled.length / set.training.length - 0.3)).toBeLessThan(0.06);
  const withoutPositives = own.map((item) => (item.split === 'val' ? { ...item, label: 0 as const } : item));
  const shared = paperSet(setOf(withoutPositives), ofOwn, new Set());
  expect(shared.validation).toBeNull();
  const held = paperSplit(shared, ofOwn, 3, 1).validation;
  expect(new Set(held.map(({ split: from }) => from))).toEqual(new Set(['train']));
});

it('leaves excluded images out of everything', () => {
  const excluded = new Set(own.filter(({ id }) => id % 4 === 0).map(({ id }) => id));
  const ofOwn = { ...protocol, validation: 'own-split' } as const;
  const { training, test, validation } = paperSet(setOf(own), ofOwn, excluded);
  expect([...training, ...test, ...(validation ?? [])].filter(({ id }) => excluded.has(id))).toEqual([]);
});

it.each([
  [own.map((item) => ({ ...item, label: null })), 'tb', 'DISTL.NO_LABELS'],
  [own.map((item) => ({ ...item, label: 1 as const })), 'tb', 'DISTL.ONE_CLASS'],
  [own, null, 'DISTL.NO_LABELS'],
])('data that says nothing is refused: %#', (all, positive, code) => {
  expect(() => paperSet(setOf(all, positive), protocol, new Set())).toThrow(expect.objectContaining({ code }) as Error);
});
