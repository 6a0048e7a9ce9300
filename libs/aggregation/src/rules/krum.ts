import { type DistanceMatrix } from './distance-matrix';

/**
 * Krum score of each candidate: the sum of its squared distances to the n - f - 2 nearest others (at least one), n counting
 * the candidates. Blanchard et al., NeurIPS 2017, section 4.
 *
 * @param candidates rows of the matrix that take part
 * @returns scores in the order of `candidates`
 */
export function krumScores(distances: DistanceMatrix, byzantine: number, candidates: readonly number[]): number[] {
  const neighbours = Math.max(1, candidates.length - byzantine - 2);
  return candidates.map((i) => {
    const others = candidates.filter((j) => j !== i).map((j) => distances.at(i, j));
    return others
      .sort((a, b) => a - b)
      .slice(0, neighbours)
      .reduce((sum, distance) => sum + distance, 0);
  });
}

/** All rows of a matrix. */
export function allRows({ size }: DistanceMatrix): number[] {
  return Array.from({ length: size }, (_, i) => i);
}

/**
 * The `selected` rows with the smallest Krum scores, ascending; of equal scores the earlier row (the smaller site name)
 * wins. One row is Krum, several are Multi-Krum.
 */
export function selectKrum(distances: DistanceMatrix, byzantine: number, selected: number): number[] {
  const scores = krumScores(distances, byzantine, allRows(distances));
  return allRows(distances)
    .sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0) || a - b)
    .slice(0, selected)
    .sort((a, b) => a - b);
}

/**
 * Bulyan's first stage: n - 2f rows, each the Krum choice among those left. Its second stage is the mean of the
 * (n - 4f) values nearest to the median in every coordinate. El Mhamdi et al., arXiv 1802.07927, section 4.
 */
export function selectBulyan(distances: DistanceMatrix, byzantine: number): number[] {
  const left = allRows(distances);
  const chosen: number[] = [];
  while (chosen.length < distances.size - 2 * byzantine) {
    const scores = krumScores(distances, byzantine, left);
    const best = scores.indexOf(Math.min(...scores));
    chosen.push(...left.splice(best, 1));
  }
  return chosen.sort((a, b) => a - b);
}
