import { hasConverged } from './convergence';

const counts = { positives: 100, negatives: 98 };
const lengths = (...aucs: number[]): { epochs: number; auc: number; loss: number }[] =>
  aucs.map((auc, k) => ({ epochs: 2 ** k, auc, loss: 1 }));

it.each([
  [[0.9], 1, false],
  [[0.9, 0.91], 1, false],
  [[0.9, 0.89], 1, true],
  [[0.9, 0.9], 1, true],
  [[0.9, 0.89], 2, false],
  [[0.9, 0.89, 0.88], 2, true],
  [[0.9, 0.89, 0.91], 2, false],
  // Two deviations above one half are 0.582 here: what is below may be chance, and longer training may begin to learn.
  [[0.55, 0.51], 1, false],
  [[0.55, 0.51, 0.5, 0.49], 1, false],
  [[0.59, 0.51], 1, true],
])('validation AUCs %j with patience %d: %s', (aucs, patience, expected) => {
  expect(hasConverged(lengths(...aucs), patience, counts)).toBe(expected);
});
