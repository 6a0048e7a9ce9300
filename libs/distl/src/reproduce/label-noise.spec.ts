import { corruptLabels } from './label-noise';

const labels = Uint8Array.from({ length: 50 }, (_, i) => (i % 5 === 0 ? 1 : 0));
const wrong = (share: number, seed = 3): number[] => {
  const corrupted = corruptLabels(labels, share, seed);
  return [...labels.keys()].filter((i) => corrupted[i] !== labels[i]);
};

it('flips the share of each class, more of the same at a higher share, and leaves the input alone', () => {
  const before = labels.slice();
  expect(wrong(0)).toEqual([]);
  const some = wrong(0.2);
  expect(some.filter((i) => labels[i] === 1)).toHaveLength(2);
  expect(some.filter((i) => labels[i] === 0)).toHaveLength(8);
  expect(wrong(0.4)).toEqual(expect.arrayContaining(some));
  expect(wrong(0.2, 4)).not.toEqual(some);
  expect(labels).toEqual(before);
});
