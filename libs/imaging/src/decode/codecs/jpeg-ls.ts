import { readJpegHeader } from '../jpeg/jpeg-segments';
import { MARKER } from '../jpeg/jpeg-marker';
import { DecodeError } from '../decode.errors';
import { checkEnd } from './check-end';
import { checkGeometry } from './check-geometry';
import { type CodecFrame, type ExpectedFrame } from './codec';
import { runDecoder } from './run-decoder';

/** JPEG-LS (ITU-T T.87), lossless and near-lossless, through CharLS. @throws DecodeError IMAGING.CODESTREAM */
export async function decodeJpegLs(codestream: Uint8Array, expected: ExpectedFrame): Promise<CodecFrame> {
  const { frame } = readJpegHeader(codestream);
  if (frame.marker !== MARKER.SOF55) throw new DecodeError('IMAGING.CODESTREAM', 'expected JPEG-LS, got another JPEG');
  checkGeometry({ ...frame, samplesPerPixel: frame.components.length }, expected);
  checkEnd(codestream);
  const { samples } = await runDecoder('charls', codestream, expected);
  return { samples, precision: frame.precision, signed: null, becameRgb: false };
}
