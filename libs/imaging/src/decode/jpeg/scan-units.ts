import { type DctPlane, type McuGrid } from './dct-plane';

/** Blocks of a scan, grouped in the units between which restart markers may stand. */
export interface ScanUnits {
  readonly count: number;
  /** Calls `block` for each block of component `part` within `unit`. */
  readonly visit: (unit: number, part: number, block: (row: number, column: number) => void) => void;
}

/** Order of blocks: a scan of one component goes by its own blocks, one of several by interleaved units (T.81, A.2). */
export function scanUnits(grid: McuGrid, planes: readonly DctPlane[]): ScanUnits {
  const [only] = planes;
  if (planes.length === 1 && only !== undefined) {
    return {
      count: only.blocksWide * only.blocksHigh,
      visit: (unit, _part, block) => {
        block(Math.floor(unit / only.blocksWide), unit % only.blocksWide);
      },
    };
  }
  return {
    count: grid.mcusWide * grid.mcusHigh,
    visit: (unit, part, block) => {
      const { horizontal = 1, vertical = 1 } = planes[part]?.component ?? {};
      const row = Math.floor(unit / grid.mcusWide) * vertical;
      const column = (unit % grid.mcusWide) * horizontal;
      for (let y = 0; y < vertical; y += 1) for (let x = 0; x < horizontal; x += 1) block(row + y, column + x);
    },
  };
}
