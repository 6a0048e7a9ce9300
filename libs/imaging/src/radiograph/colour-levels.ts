import { type RenderingFacts, type StoredImage } from '../decode/decoded-file';
import { DecodeError } from '../decode/decode.errors';
import { type GreySource } from './grey-source';
import { lookUp } from './modality-transform';
import { firstFrameCells } from './monochrome-levels';

/** Luma weights of ITU-R BT.601, which image libraries use for "convert to grey" and YCbCr itself is built on. */
const RED = 0.299;
const GREEN = 0.587;
const BLUE = 0.114;

/**
 * Grey levels of the first frame of a palette or colour image. Such files are screenshots, secondary captures and scanned
 * films; there is no window to apply.
 *
 * @throws DecodeError IMAGING.PALETTE when a palette image has no palette
 */
export function colourLevels(stored: StoredImage, { palette }: RenderingFacts): GreySource {
  const { rows, columns, photometricInterpretation: photometric } = stored;
  const cells = firstFrameCells(stored);
  if (photometric === 'PALETTE COLOR') {
    if (palette === null) throw new DecodeError('IMAGING.PALETTE', 'expected a palette, the file has none');
    const level = (table: NonNullable<typeof palette>['red'], cell: number): number =>
      lookUp(table, cell) / (2 ** table.bits - 1);
    const table = Float32Array.from({ length: cells instanceof Uint8Array ? 256 : 65_536 }, (_, cell) =>
      Math.min(
        1,
        RED * level(palette.red, cell) + GREEN * level(palette.green, cell) + BLUE * level(palette.blue, cell),
      ),
    );
    return { rows, columns, cells, table };
  }
  const top = 2 ** stored.bitsAllocated - 1;
  const luma = new Uint16Array(rows * columns);
  for (let pixel = 0; pixel < luma.length; pixel += 1) {
    const first = cells[3 * pixel] ?? 0;
    // The first sample of YBR is the luma already.
    const grey =
      photometric === 'RGB'
        ? RED * first + GREEN * (cells[3 * pixel + 1] ?? 0) + BLUE * (cells[3 * pixel + 2] ?? 0)
        : first;
    luma[pixel] = Math.round((grey / top) * 65_535);
  }
  return { rows, columns, cells: luma, table: Float32Array.from({ length: 65_536 }, (_, cell) => cell / 65_535) };
}
