/**
 * A block of coordinates of n updates. Row r holds `count` float32 values from element `first + r * stride` of `memory`;
 * the block starts at a coordinate that is a multiple of 16.
 */
export interface RowBlock {
  readonly memory: Float32Array;
  readonly first: number;
  readonly stride: number;
  readonly rows: number;
  readonly count: number;
}

/**
 * The arithmetic of every rule, block by block. Each result is defined to the bit, so that scalar and SIMD code, any block
 * length and any number of threads give the same update:
 * float64 in between, rows in their order (sites ascending), one rounding to float32 at the end.
 */
export interface BlockKernels {
  /** out[i] = f32(sum_r weights[r] * x[r][i] / total), summed from row 0 up, each product and sum rounded to float64. */
  weightedMean(block: RowBlock, weights: Float64Array, total: number, out: Float32Array): void;

  /**
   * out[i] = f32(mean of the sorted x[.][i] without the `trim` smallest and the `trim` largest), summed in ascending order in
   * float64. The median is `trim = floor((n - 1) / 2)`. A zero result is +0.
   */
  trimmedMean(block: RowBlock, trim: number, out: Float32Array): void;

  /**
   * out[i] = f32(mean of the `keep` values of x[.][i] that are nearest to their median). They are neighbours in sorted order;
   * of several such windows the first is taken (Bulyan, arXiv 1802.07927, section 4).
   */
  meanAroundMedian(block: RowBlock, keep: number, out: Float32Array): void;

  /** lanes[i mod 4] += x[i]^2 in float64, for the norm of one row. */
  addSquares(row: Float32Array, lanes: Float64Array): void;

  /** For each row s > r: lanes[4 * (s - r - 1) + i mod 4] += f32(x[r][i] - x[s][i])^2 in float64. */
  addSquaredDistances(block: RowBlock, row: number, lanes: Float64Array): void;
}

/** Sum of four lanes, in the one order that all code uses. */
export function sumLanes(lanes: Float64Array, at = 0): number {
  const [a = 0, b = 0, c = 0, d = 0] = lanes.subarray(at, at + 4);
  return a + b + (c + d);
}
