/**
 * P-values adjusted for testing several hypotheses (Holm, Scandinavian Journal of Statistics 6, 1979), in the given order.
 * A test without a p-value stays without one and does not count.
 */
export function holmAdjusted(pValues: readonly (number | null)[]): (number | null)[] {
  const tested = pValues.flatMap((p, index) => (p === null ? [] : [{ p, index }])).sort((a, b) => a.p - b.p);
  const adjusted: (number | null)[] = pValues.map(() => null);
  let least = 0;
  tested.forEach(({ p, index }, rank) => {
    least = Math.max(least, Math.min(1, p * (tested.length - rank)));
    adjusted[index] = least;
  });
  return adjusted;
}
