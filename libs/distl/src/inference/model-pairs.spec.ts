import { delongPairedTest } from '@fedistl/evaluation';
import { modelPairs } from './model-pairs';

const labels = [0, 0, 0, 1, 1, 1, 0, 1];
const weak = [0.1, 0.6, 0.7, 0.5, 0.9, 0.4, 0.2, 0.8];
const strong = [0.1, 0.2, 0.3, 0.7, 0.9, 0.6, 0.2, 0.8];
const middling = [0.1, 0.2, 0.8, 0.7, 0.9, 0.6, 0.2, 0.8];

it('tests every two models, the later minus the earlier, and adjusts over all of them', () => {
  const pairs = modelPairs([weak, middling, strong], labels, 0.95);
  expect(pairs.map(({ a, b }) => [a, b])).toEqual([
    [1, 0],
    [2, 0],
    [2, 1],
  ]);
  for (const { difference, aucA, aucB, p, adjustedP } of pairs) {
    expect(difference).toBeGreaterThan(0);
    expect(difference).toBeCloseTo(aucA - aucB, 12);
    expect(adjustedP).toBeGreaterThanOrEqual(p ?? NaN);
  }
  expect(pairs[1]).toMatchObject(delongPairedTest({ labels, scoresA: strong, scoresB: weak }, 0.95));
});
