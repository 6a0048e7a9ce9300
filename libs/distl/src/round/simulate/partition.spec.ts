import { createRng } from '@fedistl/core';
import { drawShares } from './dirichlet';
import { parsePartition, type PartitionItem, partitionImages } from './partition';

/** 300 images of 150 patients: a third positive, a fifth for testing, from three hospitals. */
const items: PartitionItem[] = Array.from({ length: 300 }, (_, i) => {
  const patient = Math.floor(i / 2);
  return {
    id: i + 1,
    contentSha256: `${(i * 7919) % 1000}`.padStart(64, '0'),
    label: patient % 3 === 0 ? 1 : 0,
    patient: `p${patient}`,
    split: patient % 5 === 0 ? 'test' : 'train',
    attributes: { site: ['B hospital', 'a-hospital', 'B  Hospital'][patient % 3]! },
  };
});
const byId = new Map(items.map((item) => [item.id, item]));
const code = (wanted: string): Error => expect.objectContaining({ code: wanted }) as Error;

/** Share of positive images at each site. */
const prevalences = (text: string, seed: number): number[] =>
  partitionImages(items, parsePartition(text), { sites: 3, seed }).map(({ ids }) => {
    const labels = [...ids].map((id) => byId.get(id)!.label ?? 0);
    return labels.reduce<number>((sum, label) => sum + label, 0) / labels.length;
  });

describe.each(['iid', 'dirichlet:0.3', 'column:site'])('%s', (text) => {
  const shares = partitionImages(items, parsePartition(text), { sites: 3, seed: 1 });

  it('deals every image once, to sites of different names', () => {
    const ids = shares.flatMap((share) => [...share.ids]);
    expect(ids.sort((a, b) => a - b)).toEqual(items.map(({ id }) => id));
    expect(new Set(shares.map(({ name }) => name)).size).toBe(3);
  });

  it('keeps the images of a patient at one site', () => {
    for (const { ids } of shares) {
      for (const id of ids) {
        const { patient } = byId.get(id)!;
        expect(items.filter((item) => item.patient === patient).every((item) => ids.has(item.id))).toBe(true);
      }
    }
  });

  it('depends on seed and content, not on the order or the numbers of rows', () => {
    const renumbered = items
      .map((item) => ({ ...item, id: 1000 - item.id, patient: `other ${item.patient}` }))
      .reverse();
    const other = partitionImages(renumbered, parsePartition(text), { sites: 3, seed: 1 });
    expect(other.map(({ ids }) => [...ids].map((id) => 1000 - id).sort((a, b) => a - b))).toEqual(
      shares.map(({ ids }) => [...ids].sort((a, b) => a - b)),
    );
  });
});

it('iid sites are alike in class and hold-out; the smaller alpha, the less they are', () => {
  const spread = (values: number[]): number => Math.max(...values) - Math.min(...values);
  expect(spread(prevalences('iid', 1))).toBeLessThan(0.05);
  const mean = (text: string): number =>
    [1, 2, 3, 4, 5].reduce((sum, seed) => sum + spread(prevalences(text, seed).filter(Number.isFinite)) / 5, 0);
  expect(mean('dirichlet:0.3')).toBeGreaterThan(mean('dirichlet:100') + 0.2);
  const shares = partitionImages(items, parsePartition('iid'), { sites: 3, seed: 1 });
  for (const { ids } of shares) {
    const tested = [...ids].filter((id) => byId.get(id)!.split === 'test').length;
    expect(Math.abs(tested - 20)).toBeLessThanOrEqual(2);
  }
});

it('names sites after the values of a column, the largest ones when fewer are asked for', () => {
  const names = (sites: number | undefined): string[] =>
    partitionImages(items, parsePartition('column:site'), { sites, seed: 1 }).map(({ name }) => name);
  expect(names(undefined)).toEqual(['b-hospital', 'b-hospital-2', 'a-hospital']);
  expect(names(2)).toHaveLength(2);
});

it('draws Dirichlet shares with the right mean and variance', () => {
  const rng = createRng('dirichlet');
  const draws = Array.from({ length: 4000 }, () => drawShares(rng, 4, 0.5));
  for (const shares of draws.slice(0, 100)) expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1);
  const first = draws.map((shares) => shares[0]!);
  const mean = first.reduce((a, b) => a + b) / first.length;
  // Var = a (A - a) / (A^2 (A + 1)) with a = 0.5, A = 2.
  const variance = first.reduce((sum, x) => sum + (x - mean) ** 2, 0) / first.length;
  expect(mean).toBeCloseTo(0.25, 1);
  expect(variance).toBeGreaterThan(0.0625 * 0.9);
  expect(variance).toBeLessThan(0.0625 * 1.1);
  expect(drawShares(rng, 3, 1e-300).toSorted()).toEqual([0, 0, 1]);
});

it.each(['', 'dirichlet', 'dirichlet:', 'dirichlet:0', 'dirichlet:x', 'column', 'column:', 'random'])(
  'refuses %j',
  (text) => {
    expect(() => parsePartition(text)).toThrow(code('SIMULATE.BAD_PARTITION'));
  },
);

it('refuses a column that no image has, and more sites than there are groups', () => {
  const deal = (text: string, sites: number) => () => partitionImages(items, parsePartition(text), { sites, seed: 1 });
  expect(deal('column:ward', 2)).toThrow(code('SIMULATE.UNKNOWN_COLUMN'));
  expect(deal('column:site', 4)).toThrow(code('SIMULATE.TOO_FEW_GROUPS'));
  expect(deal('iid', 151)).toThrow(code('SIMULATE.TOO_FEW_GROUPS'));
});
