import { type StoredValues } from './decoded-file';

export interface SyntheticPixels {
  readonly rows: number;
  readonly columns: number;
  readonly frames?: number;
  readonly samplesPerPixel?: 1 | 3;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly signed?: boolean;
}

/**
 * Smooth waves with a bright bar and a little texture, over the whole range of the stored bits: something that every codec
 * has work with, made from a formula, so that test files hold nobody's image.
 */
export function syntheticPixels(shape: SyntheticPixels): StoredValues {
  const { rows, columns, frames = 1, samplesPerPixel = 1, bitsAllocated, bitsStored, signed = false } = shape;
  const size = rows * columns * frames * samplesPerPixel;
  const values = arrayOf(size, bitsAllocated, signed);
  const levels = 2 ** bitsStored;
  for (let index = 0; index < size; index += 1) {
    const sample = index % samplesPerPixel;
    const pixel = Math.floor(index / samplesPerPixel);
    const column = pixel % columns;
    const row = Math.floor(pixel / columns) % rows;
    const frame = Math.floor(pixel / (rows * columns));
    const wave = 0.5 + 0.35 * Math.sin(column / 5 + sample) * Math.cos(row / 7 + frame);
    const texture = (((row * 31 + column * 17) % 7) - 3) / 100;
    const bar = column === Math.floor(columns / 3) ? 1 : 0;
    const level = Math.min(levels - 1, Math.max(0, Math.floor((bar > 0 ? 1 : wave + texture) * levels)));
    values[index] = signed ? level - levels / 2 : level;
  }
  return values;
}

function arrayOf(size: number, bitsAllocated: 8 | 16, signed: boolean): StoredValues {
  if (bitsAllocated === 8) return signed ? new Int8Array(size) : new Uint8Array(size);
  return signed ? new Int16Array(size) : new Uint16Array(size);
}
