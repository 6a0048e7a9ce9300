import { decodeDctJpeg } from '../jpeg/dct-decoder';
import { type JpegHeader, readJpegHeader } from '../jpeg/jpeg-segments';
import { checkEnd } from './check-end';
import { checkGeometry } from './check-geometry';
import { type CodecFrame, type ExpectedFrame } from './codec';
import { runDecoder } from './run-decoder';

/** Adobe APP14 with transform 0: the components are what they are, not YCbCr. */
const APP14_NO_TRANSFORM = [0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 0];

/**
 * JPEG baseline, extended and progressive. 8-bit samples go through libjpeg-turbo, 12-bit ones, which its build does not
 * have, through our own decoder; both use the same inverse DCT.
 *
 * @throws DecodeError IMAGING.CODESTREAM
 */
export async function decodeJpegDct(codestream: Uint8Array, expected: ExpectedFrame): Promise<CodecFrame> {
  const header = readJpegHeader(codestream);
  const { frame } = header;
  checkGeometry({ ...frame, samplesPerPixel: frame.components.length }, expected);
  checkEnd(codestream);
  if (frame.precision !== 8) {
    const { samples } = decodeDctJpeg(codestream);
    return { samples, precision: frame.precision, signed: null, becameRgb: false };
  }
  const colour = expected.samplesPerPixel === 3;
  const input = colour ? withColourModel(codestream, header, expected) : codestream;
  const { samples } = await runDecoder('libjpeg-turbo', input, expected);
  return { samples, precision: 8, signed: null, becameRgb: colour };
}

/** libjpeg takes three unmarked components for YCbCr, so RGB ones are marked as such before it sees them. */
function withColourModel(codestream: Uint8Array, header: JpegHeader, { ycbcr }: ExpectedFrame): Uint8Array {
  if (ycbcr || header.hasAdobe || header.hasJfif) return codestream;
  const marked = new Uint8Array(codestream.length + APP14_NO_TRANSFORM.length);
  marked.set(codestream.subarray(0, 2));
  marked.set(APP14_NO_TRANSFORM, 2);
  marked.set(codestream.subarray(2), 2 + APP14_NO_TRANSFORM.length);
  return marked;
}
