import { type DataSet } from 'dicom-parser';
import { type PhotometricInterpretation } from '../decoded-file';
import { DecodeError } from '../decode.errors';
import { intString, words } from './attribute';

/** The Image Pixel module (DICOM PS3.3, C.7.6.3), checked. */
export interface PixelDescription {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samplesPerPixel: 1 | 3;
  /** 1: samples lie plane by plane; 0: pixel by pixel. */
  readonly planarConfiguration: 0 | 1;
  readonly bitsAllocated: 8 | 16;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly photometricInterpretation: PhotometricInterpretation;
}

/** JPEG 2000's own colour transforms; the codec undoes them. */
const CODEC_COLOUR = ['YBR_ICT', 'YBR_RCT'];
const ONE_SAMPLE = ['MONOCHROME1', 'MONOCHROME2', 'PALETTE COLOR'];
const THREE_SAMPLES = ['RGB', 'YBR_FULL', 'YBR_FULL_422'];

function required(dataSet: DataSet, tag: string, name: string): number {
  const value = readUint16(dataSet, tag);
  if (value === undefined) throw new DecodeError('IMAGING.GEOMETRY', `expected ${name}, the header has none`);
  return value;
}

function readUint16(dataSet: DataSet, tag: string): number | undefined {
  const element = dataSet.elements[tag];
  return element === undefined
    ? undefined
    : words(dataSet, { ...element, length: Math.min(element.length, 2) }, false)[0];
}

/** @throws DecodeError IMAGING.GEOMETRY or IMAGING.PHOTOMETRIC when a value is missing or none that a radiograph can have. */
export function describePixels(dataSet: DataSet): PixelDescription {
  const rows = required(dataSet, 'x00280010', 'Rows');
  const columns = required(dataSet, 'x00280011', 'Columns');
  if (rows === 0 || columns === 0) {
    throw new DecodeError('IMAGING.GEOMETRY', `expected at least one pixel, got ${columns} x ${rows}`);
  }
  const samplesPerPixel = readUint16(dataSet, 'x00280002') ?? 1;
  if (samplesPerPixel !== 1 && samplesPerPixel !== 3) {
    throw new DecodeError('IMAGING.GEOMETRY', `expected 1 or 3 samples per pixel, got ${samplesPerPixel}`);
  }
  const bitsAllocated = required(dataSet, 'x00280100', 'Bits Allocated');
  if (bitsAllocated !== 8 && bitsAllocated !== 16) {
    throw new DecodeError('IMAGING.GEOMETRY', `expected 8 or 16 bits allocated, got ${bitsAllocated}`);
  }
  const bitsStored = readUint16(dataSet, 'x00280101') ?? bitsAllocated;
  if (bitsStored === 0 || bitsStored > bitsAllocated) {
    throw new DecodeError('IMAGING.GEOMETRY', `expected 1 to ${bitsAllocated} bits stored, got ${bitsStored}`);
  }
  return {
    rows,
    columns,
    frames: frameCount(dataSet),
    samplesPerPixel,
    planarConfiguration: samplesPerPixel === 3 && readUint16(dataSet, 'x00280006') === 1 ? 1 : 0,
    bitsAllocated,
    bitsStored,
    highBit: highBit(dataSet, bitsStored, bitsAllocated),
    signed: readUint16(dataSet, 'x00280103') === 1,
    photometricInterpretation: photometric(dataSet, samplesPerPixel),
  };
}

function frameCount(dataSet: DataSet): number {
  const frames = intString(dataSet, 'x00280008') ?? 1;
  if (!Number.isInteger(frames) || frames < 1) {
    throw new DecodeError('IMAGING.GEOMETRY', `expected a positive Number of Frames, got ${frames}`);
  }
  return frames;
}

/** A High Bit that cannot hold the stored bits is a known writer's fault; the usual value is taken instead. */
function highBit(dataSet: DataSet, bitsStored: number, bitsAllocated: number): number {
  const value = readUint16(dataSet, 'x00280102') ?? bitsStored - 1;
  return value >= bitsStored - 1 && value < bitsAllocated ? value : bitsStored - 1;
}

function photometric(dataSet: DataSet, samplesPerPixel: 1 | 3): PhotometricInterpretation {
  const text = (dataSet.string('x00280004') ?? '').trim().toUpperCase();
  const allowed = samplesPerPixel === 1 ? ONE_SAMPLE : THREE_SAMPLES;
  const value = samplesPerPixel === 3 && CODEC_COLOUR.includes(text) ? 'RGB' : text;
  if (!isPhotometric(value, allowed)) {
    throw new DecodeError(
      'IMAGING.PHOTOMETRIC',
      `expected ${allowed.join(', ')} with ${samplesPerPixel} sample(s) per pixel, got another photometric interpretation`,
    );
  }
  return value;
}

function isPhotometric(value: string, allowed: readonly string[]): value is PhotometricInterpretation {
  return allowed.includes(value);
}
