import { fromDirections, type NormalisedRegion, toDirections } from '../kernels/normalised-rows';
import { type Block } from './block-plan';

/** The region with its values at the round's start. */
export interface NormalisedLayer extends NormalisedRegion {
  /** rows * width values. */
  readonly base: Float32Array;
}

/** The base values that belong to part of a block. */
function baseOf(layer: NormalisedLayer, offset: number, count: number): Float32Array {
  const start = offset - layer.offset;
  return layer.base.subarray(start, start + count);
}

/** Before aggregation: rows of updates become rows of directions where the block is normalised. */
export function normaliseRow(layer: NormalisedLayer | null, block: Block, row: Float32Array): void {
  if (layer === null || !block.isNormalised) return;
  toDirections(row, baseOf(layer, block.offset, block.count), layer.width);
}

/** After aggregation: directions become updates again. `offset` is the first coordinate of `out`. */
export function restoreRows(layer: NormalisedLayer | null, block: Block, offset: number, out: Float32Array): void {
  if (layer === null || !block.isNormalised) return;
  fromDirections(out, baseOf(layer, offset, out.length), layer.width);
}
