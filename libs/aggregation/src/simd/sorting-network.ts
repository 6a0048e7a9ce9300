/**
 * One exchange of a sorting network: afterwards wire `low` holds the smaller and wire `high` the larger of the two. An end
 * that nothing reads any more is not computed.
 */
export interface Comparator {
  readonly low: number;
  readonly high: number;
  readonly needLow: boolean;
  readonly needHigh: boolean;
}

/** Pairs of Batcher's odd-even merge sort for n wires (Knuth, TAOCP 3, 5.2.2, Algorithm M). */
function batcherPairs(n: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let p = 1; p < n; p *= 2) {
    for (let k = p; k >= 1; k = Math.floor(k / 2)) {
      for (let j = k % p; j + k < n; j += 2 * k) {
        for (let i = 0; i < Math.min(k, n - j - k); i++) {
          if (Math.floor((i + j) / (2 * p)) === Math.floor((i + j + k) / (2 * p))) pairs.push([i + j, i + j + k]);
        }
      }
    }
  }
  return pairs;
}

/**
 * Comparators after which wires `from` up to, not including, `to` hold the values of those ranks in order. The other wires
 * hold anything: what only they need is left out, so a median costs far less than a sort.
 */
export function selectionNetwork(n: number, from: number, to: number): Comparator[] {
  const needed = new Set(Array.from({ length: to - from }, (_, i) => from + i));
  const kept: Comparator[] = [];
  for (const [low, high] of batcherPairs(n).reverse()) {
    const [needLow, needHigh] = [needed.has(low), needed.has(high)];
    if (!needLow && !needHigh) continue;
    kept.push({ low, high, needLow, needHigh });
    needed.add(low).add(high);
  }
  return kept.reverse();
}
