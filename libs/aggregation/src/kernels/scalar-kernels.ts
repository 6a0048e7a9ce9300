import { type BlockKernels, type RowBlock } from './block-kernels';

/** Bound once: looking it up on the global object for every value is dear where the global object is a sandbox's. */
const { fround } = Math;

function rowOf({ memory, first, stride, count }: RowBlock, row: number): Float32Array {
  const start = first + row * stride;
  return memory.subarray(start, start + count);
}

/** Sorted values of one coordinate, written to `sorted`. */
function sortColumn(block: RowBlock, i: number, sorted: Float64Array): void {
  const { memory, first, stride, rows } = block;
  for (let row = 0; row < rows; row++) {
    const value = memory[first + row * stride + i] ?? 0;
    let at = row;
    for (; at > 0 && (sorted[at - 1] ?? 0) > value; at--) sorted[at] = sorted[at - 1] ?? 0;
    sorted[at] = value;
  }
}

/** Mean of sorted[from .. to), summed in ascending order; + 0 turns -0 into +0. */
function meanOf(sorted: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let k = from; k < to; k++) sum += sorted[k] ?? 0;
  return sum / (to - from) + 0;
}

/** Start of the first window of `keep` neighbours whose farthest value is nearest to the median. */
function windowAround(sorted: Float64Array, keep: number): number {
  const n = sorted.length;
  const median = meanOf(sorted, Math.floor((n - 1) / 2), Math.floor(n / 2) + 1);
  let [best, bestReach] = [0, Infinity];
  for (let start = 0; start + keep <= n; start++) {
    const reach = Math.max(median - (sorted[start] ?? 0), (sorted[start + keep - 1] ?? 0) - median);
    if (reach < bestReach) [best, bestReach] = [start, reach];
  }
  return best;
}

/** The kernels in plain TypeScript: the definition that the SIMD code is tested against, and what runs without it. */
export const scalarKernels: BlockKernels = {
  weightedMean(block, weights, total, out) {
    const sums = new Float64Array(block.count);
    for (let r = 0; r < block.rows; r++) {
      const row = rowOf(block, r);
      const weight = weights[r] ?? 0;
      for (let i = 0; i < row.length; i++) sums[i] = (sums[i] ?? 0) + weight * (row[i] ?? 0);
    }
    for (let i = 0; i < sums.length; i++) out[i] = (sums[i] ?? 0) / total;
  },

  trimmedMean(block, trim, out) {
    const sorted = new Float64Array(block.rows);
    for (let i = 0; i < block.count; i++) {
      sortColumn(block, i, sorted);
      out[i] = meanOf(sorted, trim, block.rows - trim);
    }
  },

  meanAroundMedian(block, keep, out) {
    const sorted = new Float64Array(block.rows);
    for (let i = 0; i < block.count; i++) {
      sortColumn(block, i, sorted);
      const start = windowAround(sorted, keep);
      out[i] = meanOf(sorted, start, start + keep);
    }
  },

  addSquares(row, lanes) {
    for (let i = 0; i < row.length; i++) lanes[i & 3] = (lanes[i & 3] ?? 0) + (row[i] ?? 0) * (row[i] ?? 0);
  },

  addSquaredDistances(block, row, lanes) {
    const a = rowOf(block, row);
    for (let other = row + 1; other < block.rows; other++) {
      const b = rowOf(block, other);
      const at = 4 * (other - row - 1);
      for (let i = 0; i < a.length; i++) {
        const difference = fround((a[i] ?? 0) - (b[i] ?? 0));
        lanes[at + (i & 3)] = (lanes[at + (i & 3)] ?? 0) + difference * difference;
      }
    }
  },
};
