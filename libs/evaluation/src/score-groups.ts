import { type ScoredCases } from './scored-cases';

/**
 * Cases grouped by equal score, highest first: group g holds `positives[g]` and `negatives[g]` cases of score
 * `thresholds[g]`. ROC, precision-recall, AUC and operating points are all sums over these groups, which is how ties get
 * their due.
 */
export interface ScoreGroups {
  readonly thresholds: Float64Array;
  readonly positives: Uint32Array;
  readonly negatives: Uint32Array;
}

/** Indices of the cases by descending score; equal scores in the order given. O(n log n). */
export function descendingOrder(scores: ArrayLike<number>): Uint32Array {
  const order = Uint32Array.from({ length: scores.length }, (_, i) => i);
  return order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
}

/** Groups checked cases (`checkCases`). */
export function groupByScore({ labels, scores }: ScoredCases): ScoreGroups {
  const thresholds = new Float64Array(labels.length);
  const positives = new Uint32Array(labels.length);
  const negatives = new Uint32Array(labels.length);
  let group = -1;
  for (const i of descendingOrder(scores)) {
    const score = scores[i] ?? 0;
    if (group < 0 || score !== thresholds[group]) thresholds[++group] = score;
    const counts = labels[i] === 1 ? positives : negatives;
    counts[group] = (counts[group] ?? 0) + 1;
  }
  const count = group + 1;
  return {
    thresholds: thresholds.slice(0, count),
    positives: positives.slice(0, count),
    negatives: negatives.slice(0, count),
  };
}
