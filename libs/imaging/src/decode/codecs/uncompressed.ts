import { DecodeError } from '../decode.errors';
import { type CodecFrame, type ExpectedFrame } from './codec';
import { interleave } from './run-decoder';

/** A frame of raw little-endian samples in a fragment (DICOM PS3.5, A.4.11). @throws DecodeError IMAGING.CODESTREAM */
export function decodeUncompressed(codestream: Uint8Array, expected: ExpectedFrame): CodecFrame {
  const { rows, columns, samplesPerPixel, bitsAllocated, planarConfiguration } = expected;
  const bytes = (rows * columns * samplesPerPixel * bitsAllocated) / 8;
  if (codestream.length < bytes) {
    throw new DecodeError('IMAGING.CODESTREAM', `expected a frame of ${bytes} bytes, got ${codestream.length}`);
  }
  const copy = new Uint8Array(codestream.subarray(0, bytes));
  const raw = bitsAllocated === 16 ? new Uint16Array(copy.buffer) : copy;
  const samples = samplesPerPixel === 3 && planarConfiguration === 1 ? interleave(raw, 3) : raw;
  return { samples, precision: bitsAllocated, signed: null, becameRgb: false };
}
