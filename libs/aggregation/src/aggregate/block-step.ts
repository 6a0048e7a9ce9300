import { type BlockKernels, type RowBlock, sumLanes } from '../kernels/block-kernels';
import { type PassOperation } from './pass';

/** Sums of the pairs of a distance pass, four lanes a pair; rows i < j. */
export class DistanceLanes {
  readonly #lanes: Float64Array[];

  constructor(rows: number) {
    this.#lanes = Array.from({ length: rows }, (_, i) => new Float64Array(4 * (rows - 1 - i)));
  }

  /** Adds a block's part of the distances from `row` to the rows after it. */
  add(kernels: BlockKernels, block: RowBlock, row: number): void {
    const lanes = this.#lanes[row];
    if (lanes !== undefined && lanes.length > 0) kernels.addSquaredDistances(block, row, lanes);
  }

  /** The squared distances from `row` to the rows after it. */
  row(row: number): Float64Array {
    const lanes = this.#lanes[row] ?? new Float64Array(0);
    return Float64Array.from({ length: lanes.length / 4 }, (_, pair) => sumLanes(lanes, 4 * pair));
  }
}

/** The full matrix from the distances of each row to those after it. */
export function fullMatrix(rows: readonly Float64Array[]): Float64Array {
  const n = rows.length;
  const matrix = new Float64Array(n * n);
  rows.forEach((row, i) => {
    row.forEach((value, pair) => {
      const j = i + 1 + pair;
      matrix[i * n + j] = value;
      matrix[j * n + i] = value;
    });
  });
  return matrix;
}

/** The aggregated values of a block, for the operations that make some. */
export function computeBlock(
  kernels: BlockKernels,
  operation: PassOperation,
  block: RowBlock,
  out: Float32Array,
): void {
  switch (operation.kind) {
    case 'weighted-mean': {
      const weights = Float64Array.from(operation.weights);
      kernels.weightedMean(
        block,
        weights,
        weights.reduce((sum, weight) => sum + weight, 0),
        out,
      );
      break;
    }
    case 'trimmed-mean':
      kernels.trimmedMean(block, operation.trim, out);
      break;
    case 'mean-around-median':
      kernels.meanAroundMedian(block, operation.keep, out);
      break;
    case 'inspect':
    case 'distances':
      break;
  }
}

/** Whether the operation makes an update. */
export function hasOutput({ kind }: PassOperation): boolean {
  return kind !== 'inspect' && kind !== 'distances';
}
