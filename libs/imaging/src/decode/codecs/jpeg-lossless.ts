import { decodeLosslessJpeg } from '../jpeg/lossless-decoder';
import { readJpegHeader } from '../jpeg/jpeg-segments';
import { checkGeometry } from './check-geometry';
import { type CodecFrame, type ExpectedFrame } from './codec';

/** JPEG lossless, process 14, any predictor. @throws DecodeError IMAGING.CODESTREAM */
export function decodeJpegLossless(codestream: Uint8Array, expected: ExpectedFrame): CodecFrame {
  const { frame } = readJpegHeader(codestream);
  checkGeometry({ ...frame, samplesPerPixel: frame.components.length }, expected);
  const { samples } = decodeLosslessJpeg(codestream);
  return { samples, precision: frame.precision, signed: null, becameRgb: false };
}
