import { type PhotometricInterpretation, type StoredValues } from '../decode/decoded-file';
import { DicomWriteError } from './writer.errors';

/** What is to be stored, sample for sample. */
export interface DicomPixels {
  /** [frames, rows, columns, samplesPerPixel], samples interleaved. */
  readonly values: StoredValues;
  readonly rows: number;
  readonly columns: number;
  /** Default 1. */
  readonly frames?: number;
  /** Default 1. */
  readonly samplesPerPixel?: 1 | 3;
  readonly bitsAllocated: 8 | 16;
  /** Default `bitsAllocated`. */
  readonly bitsStored?: number;
  /** Default `bitsStored - 1`. A higher one shifts the stored cells of native and RLE pixel data. */
  readonly highBit?: number;
  /** Default false. */
  readonly signed?: boolean;
  /** Default MONOCHROME2, or RGB with three samples. */
  readonly photometricInterpretation?: PhotometricInterpretation;
  /** Layout of native and RLE colour; default 0. */
  readonly planarConfiguration?: 0 | 1;
}

/** Pixels with every default filled in. */
export type CompletePixels = Required<DicomPixels>;

/** Fills in the defaults. @throws DicomWriteError when the number of samples is not that of the geometry */
export function complete(pixels: DicomPixels): CompletePixels {
  const samplesPerPixel = pixels.samplesPerPixel ?? 1;
  const bitsStored = pixels.bitsStored ?? pixels.bitsAllocated;
  const completed: CompletePixels = {
    frames: 1,
    samplesPerPixel,
    bitsStored,
    highBit: bitsStored - 1,
    signed: false,
    photometricInterpretation: samplesPerPixel === 3 ? 'RGB' : 'MONOCHROME2',
    planarConfiguration: 0,
    ...pixels,
  };
  const { rows, columns, frames, values } = completed;
  const expected = rows * columns * frames * samplesPerPixel;
  if (values.length !== expected) {
    throw new DicomWriteError(
      `expected ${expected} samples (${frames} x ${rows} x ${columns} x ${samplesPerPixel}), got ${values.length}`,
    );
  }
  return completed;
}
