import { DecodeError } from '../decode.errors';
import { checkEnd } from './check-end';
import { checkGeometry } from './check-geometry';
import { type CodecFrame, type ExpectedFrame } from './codec';
import { runDecoder } from './run-decoder';

const MAX_TILES = 65_535;
const START_OF_TILE_PART = 0xff90;
const END_OF_CODESTREAM = 0xffd9;

interface SizeSegment {
  readonly rows: number;
  readonly columns: number;
  readonly samplesPerPixel: number;
  readonly precision: number;
  readonly signed: boolean;
}

/** Drops the boxes of a JP2 file around the codestream; some writers put the whole file into a fragment. */
function bareCodestream(bytes: Uint8Array): Uint8Array {
  if (bytes[0] === 0xff) return bytes;
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).indexOf(
    Buffer.from([0xff, 0x4f, 0xff, 0x51]),
  );
  return start < 0 ? bytes : bytes.subarray(start);
}

/** Reads the SIZ segment, which comes first (ISO/IEC 15444-1, A.5.1). */
function readSize(bytes: Uint8Array): SizeSegment {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 45 || view.getUint32(0) !== 0xff4fff51) {
    throw new DecodeError('IMAGING.CODESTREAM', 'expected a JPEG 2000 codestream with its size segment');
  }
  const [width, height, left, top, tileWidth, tileHeight] = Array.from({ length: 6 }, (_, i) =>
    view.getUint32(8 + 4 * i),
  );
  const components = view.getUint16(40);
  const parts = Array.from({ length: Math.min(components, 4) }, (_, index) => [
    ...bytes.subarray(42 + 3 * index, 45 + 3 * index),
  ]);
  const [depth = 0] = parts[0] ?? [];
  if (parts.some(([bits, dx, dy]) => bits !== depth || dx !== 1 || dy !== 1)) {
    throw new DecodeError('IMAGING.CODESTREAM', 'expected JPEG 2000 components of one depth, without subsampling');
  }
  const tiles = Math.ceil((width ?? 0) / (tileWidth ?? 0)) * Math.ceil((height ?? 0) / (tileHeight ?? 0));
  if (!(tiles >= 1 && tiles <= MAX_TILES)) {
    throw new DecodeError('IMAGING.CODESTREAM', `expected 1 to ${MAX_TILES} JPEG 2000 tiles`);
  }
  return {
    columns: (width ?? 0) - (left ?? 0),
    rows: (height ?? 0) - (top ?? 0),
    samplesPerPixel: components,
    precision: (depth & 0x7f) + 1,
    signed: depth >= 0x80,
  };
}

/** A lossy wavelet may overshoot the range; OpenJPEG cuts that off, OpenJPH leaves it in the spare bits of the cell. */
function clampToPrecision(samples: Uint8Array | Uint16Array, { precision, signed }: SizeSegment): void {
  const cells = !signed
    ? samples
    : samples instanceof Uint8Array
      ? new Int8Array(samples.buffer)
      : new Int16Array(samples.buffer);
  const low = signed ? -(2 ** (precision - 1)) : 0;
  const high = low + 2 ** precision - 1;
  for (let index = 0; index < cells.length; index += 1) {
    const value = cells[index] ?? 0;
    if (value < low) cells[index] = low;
    else if (value > high) cells[index] = high;
  }
}

/**
 * Follows the lengths of the tile-parts (ISO/IEC 15444-1, A.4.2) to the end of the codestream. OpenJPEG finds missing bytes
 * itself; OpenJPH decodes what is left without a word.
 */
function checkTileParts(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 2;
  while (position + 12 <= bytes.length) {
    const marker = view.getUint16(position);
    if (marker === END_OF_CODESTREAM) return;
    const length = marker === START_OF_TILE_PART ? view.getUint32(position + 6) : 2 + view.getUint16(position + 2);
    // A length of zero means "up to the end", which checkEnd has seen.
    if (length === 0) return;
    position += length;
  }
  if (position + 2 <= bytes.length && view.getUint16(position) === END_OF_CODESTREAM) return;
  throw new DecodeError(
    'IMAGING.TRUNCATED',
    'expected the tile-parts to fill the codestream; bytes are missing or too many',
  );
}

async function decode(name: 'openjpeg' | 'openjph', bytes: Uint8Array, expected: ExpectedFrame): Promise<CodecFrame> {
  const codestream = bareCodestream(bytes);
  const size = readSize(codestream);
  checkGeometry(size, expected);
  checkEnd(codestream);
  if (name === 'openjph') checkTileParts(codestream);
  const { samples } = await runDecoder(name, codestream, expected);
  if (name === 'openjph') clampToPrecision(samples, size);
  // Both codecs undo the codestream's own colour transform (RCT, ICT).
  return { samples, precision: size.precision, signed: size.signed, becameRgb: false };
}

/** JPEG 2000 Part 1, through OpenJPEG. @throws DecodeError IMAGING.CODESTREAM */
export function decodeJpeg2000(codestream: Uint8Array, expected: ExpectedFrame): Promise<CodecFrame> {
  return decode('openjpeg', codestream, expected);
}

/** High-throughput JPEG 2000 (Part 15), through OpenJPH. @throws DecodeError IMAGING.CODESTREAM */
export function decodeHtj2k(codestream: Uint8Array, expected: ExpectedFrame): Promise<CodecFrame> {
  return decode('openjph', codestream, expected);
}
