import sharp from 'sharp';

export type Colour = readonly [red: number, green: number, blue: number];

/** One picture of a sheet; null leaves the place empty. */
export interface Tile {
  /** [size, size] grey levels. */
  readonly pixels: Uint8Array;
  readonly size: number;
  readonly frame: Colour;
}

const FRAME = 3;
const GAP = 4;
const BACKGROUND = 24;

/**
 * Puts tiles into a grid and writes it as PNG: rows of tiles of one height, each tile with a coloured frame.
 *
 * @param tileSize - edge of every tile, px; smaller pictures are enlarged without smoothing, so that pixels stay visible.
 */
export async function writeTileSheet(
  file: string,
  rows: readonly (readonly Tile[])[],
  tileSize: number,
): Promise<void> {
  const cell = tileSize + 2 * FRAME + GAP;
  const columns = Math.max(1, ...rows.map((row) => row.length));
  const [width, height] = [columns * cell + GAP, Math.max(1, rows.length) * cell + GAP];
  const canvas = Buffer.alloc(width * height * 3, BACKGROUND);
  for (const [y, row] of rows.entries()) {
    for (const [x, tile] of row.entries()) {
      const grey = await scaled(tile, tileSize);
      drawTile(canvas, width, { left: GAP + x * cell, top: GAP + y * cell }, { grey, tileSize, frame: tile.frame });
    }
  }
  await sharp(canvas, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(file);
}

async function scaled({ pixels, size }: Tile, tileSize: number): Promise<Uint8Array> {
  if (size === tileSize) return pixels;
  return sharp(pixels, { raw: { width: size, height: size, channels: 1 } })
    .resize(tileSize, tileSize, { kernel: size < tileSize ? 'nearest' : 'lanczos3', fit: 'fill' })
    .extractChannel(0)
    .raw()
    .toBuffer();
}

function drawTile(
  canvas: Buffer,
  width: number,
  { left, top }: { left: number; top: number },
  { grey, tileSize, frame }: { grey: Uint8Array; tileSize: number; frame: Colour },
): void {
  const edge = tileSize + 2 * FRAME;
  for (let y = 0; y < edge; y += 1) {
    for (let x = 0; x < edge; x += 1) {
      const [column, row] = [x - FRAME, y - FRAME];
      const inside = column >= 0 && column < tileSize && row >= 0 && row < tileSize;
      const level = grey[row * tileSize + column] ?? 0;
      const at = 3 * ((top + y) * width + left + x);
      for (let channel = 0; channel < 3; channel += 1) canvas[at + channel] = inside ? level : (frame[channel] ?? 0);
    }
  }
}
