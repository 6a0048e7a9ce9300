/** One length of training and how it did on the validation images. */
export interface Length {
  readonly epochs: number;
  readonly auc: number;
  readonly loss: number;
}

/** How many validation images have the finding, and how many have not. */
export interface ValidationCounts {
  readonly positives: number;
  readonly negatives: number;
}

/** Standard deviations above one half that an AUC has to be to count as learnt. */
const CHANCE_DEVIATIONS = 2;

/**
 * Whether the last `patience` lengths are no better than the best before them. As long as the best is no better than chance
 * could be, nothing has converged: the training was too short to begin to learn.
 */
export function hasConverged(lengths: readonly Length[], patience: number, counts: ValidationCounts): boolean {
  if (lengths.length <= patience) return false;
  const before = Math.max(...lengths.slice(0, -patience).map(({ auc }) => auc));
  return before > chanceLimit(counts) && lengths.slice(-patience).every(({ auc }) => auc <= before);
}

/** The AUC of scores that say nothing has mean 1/2 and variance (m + n + 1)/(12mn) (Mann and Whitney 1947). */
function chanceLimit({ positives: m, negatives: n }: ValidationCounts): number {
  return 0.5 + CHANCE_DEVIATIONS * Math.sqrt((m + n + 1) / (12 * m * n));
}
