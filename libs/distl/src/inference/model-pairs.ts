import { delongPairedTest, holmAdjusted, type ReportedPair } from '@fedistl/evaluation';

/**
 * The paired DeLong test of every two models. A is the later one in the order in which they were given, so that whoever names
 * the old model first reads an improvement as a positive difference, A minus B. `adjustedP` is Holm's over all pairs.
 *
 * @param scores for each model, one a case
 * @param labels 1 or 0, one a case
 */
export function modelPairs(
  scores: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  confidence: number,
): ReportedPair[] {
  const pairs = scores.flatMap((scoresB, b) =>
    scores.slice(b + 1).map((scoresA, offset) => ({
      a: b + 1 + offset,
      b,
      ...delongPairedTest({ labels, scoresA, scoresB }, confidence),
    })),
  );
  const adjusted = holmAdjusted(pairs.map(({ p }) => p));
  return pairs.map((pair, k) => ({ ...pair, adjustedP: adjusted[k] ?? null }));
}
