/** How often each modality value occurs, in ascending order of value. */
export interface ValueHistogram {
  readonly values: Float64Array;
  readonly counts: Float64Array;
  readonly total: number;
}

/**
 * @param counts occurrences by cell
 * @param valueOf modality value of a cell, or null for cells that are no image (padding)
 */
export function valueHistogram(counts: Uint32Array, valueOf: (cell: number) => number | null): ValueHistogram {
  const pairs: { readonly value: number; readonly count: number }[] = [];
  let total = 0;
  counts.forEach((count, cell) => {
    const value = count === 0 ? null : valueOf(cell);
    if (value === null) return;
    pairs.push({ value, count });
    total += count;
  });
  pairs.sort((a, b) => a.value - b.value);
  return {
    values: Float64Array.from(pairs, (pair) => pair.value),
    counts: Float64Array.from(pairs, (pair) => pair.count),
    total,
  };
}

/** The smallest value that at least `percent` of the pixels do not exceed; 0 for an empty histogram. */
export function percentile({ values, counts, total }: ValueHistogram, percent: number): number {
  const wanted = (percent / 100) * total;
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) {
    sum += counts[index] ?? 0;
    if (sum >= wanted) return values[index] ?? 0;
  }
  return values.at(-1) ?? 0;
}

export function countCells(cells: Uint8Array | Uint16Array): Uint32Array {
  const counts = new Uint32Array(cells instanceof Uint8Array ? 256 : 65_536);
  for (const cell of cells) {
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  return counts;
}
