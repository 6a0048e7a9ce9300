import { type NormalisedRegion } from '../kernels/normalised-rows';

/** A run of coordinates that is handled at once. */
export interface Block {
  readonly offset: number;
  readonly count: number;
  /** Whether it lies in the normalised region; such a block holds whole rows of it. */
  readonly isNormalised: boolean;
}

export interface BlockPlanOptions {
  readonly parameters: number;
  /** Most coordinates of a block; at least 16. */
  readonly blockLength: number;
  readonly region: NormalisedRegion | null;
}

/** Coordinates of a block start at a multiple of this from their segment's start, so that lanes do not depend on it. */
const grain = 16;

function cut(offset: number, end: number, length: number, isNormalised: boolean): Block[] {
  const blocks: Block[] = [];
  for (let at = offset; at < end; at += length) {
    blocks.push({ offset: at, count: Math.min(length, end - at), isNormalised });
  }
  return blocks;
}

/**
 * Blocks that cover all coordinates in order and end where the normalised region begins and ends. Results do not depend on
 * `blockLength`.
 */
export function planBlocks({ parameters, blockLength, region }: BlockPlanOptions): Block[] {
  const length = grain * Math.max(1, Math.floor(blockLength / grain));
  if (region === null) return cut(0, parameters, length, false);
  const end = region.offset + region.rows * region.width;
  const rowsLength = region.width * grain * Math.max(1, Math.floor(length / (grain * region.width)));
  return [
    ...cut(0, region.offset, length, false),
    ...cut(region.offset, end, rowsLength, true),
    ...cut(end, parameters, length, false),
  ];
}

/** Coordinates of the longest block. */
export function longestBlock(blocks: readonly Block[]): number {
  return blocks.reduce((longest, { count }) => Math.max(longest, count), 0);
}
