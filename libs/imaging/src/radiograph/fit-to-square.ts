import { type GreyImage } from '../decode/decoded-file';
import { type GreySource } from './grey-source';
import { type RadiographOptions } from './radiograph-options';
import { areaWeights, bilinearWeights, resample } from './resample';

interface Placement {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Where the image lies in the square: all of it, or centred with its aspect ratio kept. */
function placement(columns: number, rows: number, { size, fit }: RadiographOptions): Placement {
  if (fit === 'squash') return { left: 0, top: 0, width: size, height: size };
  const scale = size / Math.max(columns, rows);
  const width = Math.max(1, Math.round(columns * scale));
  const height = Math.max(1, Math.round(rows * scale));
  return { left: Math.floor((size - width) / 2), top: Math.floor((size - height) / 2), width, height };
}

/** Resizes to the square and rounds to 8 or 16 bits; what padding leaves free is black, like the air around a patient. */
export function fitToSquare(source: GreySource, options: RadiographOptions): GreyImage {
  const { size, bits } = options;
  const box = placement(source.columns, source.rows, options);
  const levels = resample(source, box, options.resize === 'area' ? areaWeights : bilinearWeights);
  const pixels = bits === 8 ? new Uint8Array(size * size) : new Uint16Array(size * size);
  const white = 2 ** bits - 1;
  for (let row = 0; row < box.height; row += 1) {
    for (let column = 0; column < box.width; column += 1) {
      pixels[(box.top + row) * size + box.left + column] = Math.round(white * (levels[row * box.width + column] ?? 0));
    }
  }
  return { width: size, height: size, bits, pixels };
}
