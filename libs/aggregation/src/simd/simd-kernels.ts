import { type BlockKernels, type RowBlock } from '../kernels/block-kernels';
import { scalarKernels } from '../kernels/scalar-kernels';
import { addSquaredDistancesCode, addSquaresCode, trimmedMeanCode, weightedMeanCode } from './kernel-code';
import { instantiate, pageBytes, type SharedMemory, type WasmExports } from './web-assembly';
import { encodeModule, type WasmFunction } from './wasm-encoder';

/** Rows up to which a selection network is generated; code grows with n log^2 n. Above it the scalar kernel sorts. */
export const maximumNetworkRows = 128;
/** Distances taken side by side. */
const distanceGroup = 4;
/** Coordinates of a row that are compared with all others before the next ones: two rows of them lie in the L1 cache. */
const distanceTile = 2048;

/**
 * The kernels as WebAssembly SIMD, generated for what is asked (a median of ten rows is a straight line of min and max
 * instructions). Same bits as `scalarKernels`. Blocks, outputs and scratch must lie in `memory`; the few coordinates that do
 * not fill a vector are left to the scalar code.
 */
export class SimdKernels implements BlockKernels {
  readonly #common: WasmExports;
  readonly #trimmed = new Map<string, WasmExports>();
  readonly #floats: Float64Array;

  /**
   * @param memory shared memory that holds everything
   * @param scratch byte address, a multiple of 16, of at least 8 * max(rows, 16) bytes that are this instance's own
   */
  constructor(
    private readonly memory: SharedMemory,
    private readonly scratch: number,
    rows: number,
  ) {
    this.#floats = new Float64Array(memory.buffer, scratch, Math.max(rows, 4 * distanceGroup));
    this.#common = this.#instantiate([
      weightedMeanCode(),
      addSquaresCode(),
      addSquaredDistancesCode(1),
      addSquaredDistancesCode(distanceGroup),
    ]);
  }

  weightedMean(block: RowBlock, weights: Float64Array, total: number, out: Float32Array): void {
    const { memory, first, stride, rows, count } = block;
    const turns = Math.floor(count / 16);
    this.#floats.set(weights);
    if (turns > 0) {
      const at = memory.byteOffset + 4 * first;
      this.#common['weightedMean']?.(at, 4 * stride, rows, turns, this.scratch, out.byteOffset, total);
    }
    const rest = tail(block, 16 * turns);
    if (rest.count > 0) scalarKernels.weightedMean(rest, weights, total, out.subarray(16 * turns));
  }

  trimmedMean(block: RowBlock, trim: number, out: Float32Array): void {
    const { memory, first, stride, rows, count } = block;
    if (rows > maximumNetworkRows) {
      scalarKernels.trimmedMean(block, trim, out);
      return;
    }
    const turns = Math.floor(count / 4);
    if (turns > 0)
      this.#network(rows, trim)['trimmedMean']?.(memory.byteOffset + 4 * first, 4 * stride, turns, out.byteOffset);
    const rest = tail(block, 4 * turns);
    if (rest.count > 0) scalarKernels.trimmedMean(rest, trim, out.subarray(4 * turns));
  }

  meanAroundMedian(block: RowBlock, keep: number, out: Float32Array): void {
    scalarKernels.meanAroundMedian(block, keep, out);
  }

  addSquares(row: Float32Array, lanes: Float64Array): void {
    const turns = Math.floor(row.length / 4);
    this.#floats.set(lanes);
    if (turns > 0) this.#common['addSquares']?.(row.byteOffset, turns, this.scratch);
    lanes.set(this.#floats.subarray(0, 4));
    scalarKernels.addSquares(row.subarray(4 * turns), lanes);
  }

  addSquaredDistances(block: RowBlock, row: number, lanes: Float64Array): void {
    const whole = 4 * Math.floor(block.count / 4);
    for (let at = 0; at < whole; at += distanceTile) {
      this.#distancesOfTile({ ...tail(block, at), count: Math.min(distanceTile, whole - at) }, row, lanes);
    }
    scalarKernels.addSquaredDistances(tail(block, whole), row, lanes);
  }

  #distancesOfTile({ memory, first, stride, rows, count }: RowBlock, row: number, lanes: Float64Array): void {
    const address = (r: number): number => memory.byteOffset + 4 * (first + r * stride);
    for (let other = row + 1; other < rows;) {
      const group = rows - other >= distanceGroup ? distanceGroup : 1;
      const part = lanes.subarray(4 * (other - row - 1), 4 * (other - row - 1 + group));
      this.#floats.set(part);
      this.#common[`addSquaredDistances${String(group)}`]?.(
        address(row),
        address(other),
        4 * stride,
        count / 4,
        this.scratch,
      );
      part.set(this.#floats.subarray(0, part.length));
      other += group;
    }
  }

  #network(rows: number, trim: number): WasmExports {
    const key = `${String(rows)}/${String(trim)}`;
    const made = this.#trimmed.get(key) ?? this.#instantiate([trimmedMeanCode(rows, trim)]);
    this.#trimmed.set(key, made);
    return made;
  }

  #instantiate(functions: readonly WasmFunction[]): WasmExports {
    const pages = this.memory.buffer.byteLength / pageBytes;
    return instantiate(encodeModule(functions, { initialPages: pages, maximumPages: pages }), this.memory);
  }
}

/** The block without its first `skip` coordinates. */
function tail(block: RowBlock, skip: number): RowBlock {
  return { ...block, first: block.first + skip, count: block.count - skip };
}
