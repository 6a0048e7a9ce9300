import { type TransferSyntax } from '../decode/dicom/transfer-syntax';
import { encodeBaselineJpeg } from './encoders/baseline-jpeg';
import { encodeDctJpeg } from './encoders/dct-jpeg';
import { encodeLosslessJpeg } from './encoders/lossless-jpeg';
import { encodeRle } from './encoders/rle';
import { encodeHtj2k, encodeJpeg2000, encodeJpegLs } from './encoders/wasm-encoders';
import { nativeBytes } from './native-bytes';
import { type CompletePixels } from './dicom-pixels';
import { DicomWriteError } from './writer.errors';

/** Settings of the encoders. */
export interface FrameEncoding {
  /** Largest error of JPEG-LS near-lossless (.81); default 2. Ignored for .80. */
  readonly nearLossless?: number;
  /** 1 to 100, of JPEG with DCT; default 90. */
  readonly quality?: number;
  /** 1 to 7, of JPEG lossless; default 1, and always 1 for .70. */
  readonly predictor?: number;
  /** Compression ratio aimed at by lossy JPEG 2000 (.91); default 8. */
  readonly ratio?: number;
  /** Units between restart markers of JPEG lossless and 12-bit JPEG; default 0, none. */
  readonly restartInterval?: number;
}

/** One frame, cut out of the pixels. */
export interface FrameSamples {
  readonly pixels: CompletePixels;
  /** [rows, columns, samples], as unsigned bits of `precision` bits. */
  readonly samples: Uint8Array | Uint16Array;
  /** Bits a sample that codestreams declare: those allocated for signed pixels, which go in as two's complement. */
  readonly precision: number;
}

type Encoder = (frame: FrameSamples, options: FrameEncoding) => Uint8Array | Promise<Uint8Array>;

const BY_SUFFIX: Readonly<Record<string, Encoder>> = {
  '1.98': ({ pixels }) => nativeBytes(pixels, { bigEndian: false }),
  '5': encodeRle,
  '4.50': (frame, options) => encodeBaselineJpeg(frame, { ...options, progressive: false }),
  '4.51': (frame, options) => encodeDctJpeg(frame, { ...options, spectralSelection: false }),
  '4.53': (frame, options) => encodeDctJpeg(frame, { ...options, spectralSelection: true }),
  '4.55': (frame, options) => encodeBaselineJpeg(frame, { ...options, progressive: true }),
  '4.57': encodeLosslessJpeg,
  '4.70': (frame, options) => encodeLosslessJpeg(frame, { ...options, predictor: 1 }),
  '4.80': (frame) => encodeJpegLs(frame, 0),
  '4.81': (frame, { nearLossless = 2 }) => encodeJpegLs(frame, nearLossless),
  '4.90': (frame) => encodeJpeg2000(frame, null),
  '4.91': (frame, { ratio = 8 }) => encodeJpeg2000(frame, ratio),
  '4.201': (frame) => encodeHtj2k(frame, { lossless: true }),
  '4.202': (frame) => encodeHtj2k(frame, { lossless: true, rpcl: true }),
  '4.203': (frame) => encodeHtj2k(frame, { lossless: false }),
};

/** Encodes each frame for an encapsulated transfer syntax; none for a native one. @throws DicomWriteError */
export async function encodeFrames(
  syntax: TransferSyntax,
  pixels: CompletePixels,
  options: FrameEncoding,
): Promise<Uint8Array[]> {
  if (syntax.codec === null) return [];
  const encode = BY_SUFFIX[syntax.uid.replace('1.2.840.10008.1.2.', '')];
  if (encode === undefined) throw new DicomWriteError(`expected a transfer syntax with an encoder, got ${syntax.name}`);
  const codestreams: Uint8Array[] = [];
  for (let frame = 0; frame < pixels.frames; frame += 1)
    codestreams.push(await encode(frameOf(pixels, frame), options));
  return codestreams;
}

function frameOf(pixels: CompletePixels, index: number): FrameSamples {
  const { values, frames, bitsAllocated, bitsStored, signed } = pixels;
  const size = values.length / frames;
  const cut = values.slice(index * size, (index + 1) * size);
  const samples = bitsAllocated === 8 ? new Uint8Array(cut.buffer) : new Uint16Array(cut.buffer);
  return { pixels: { ...pixels, values: cut, frames: 1 }, samples, precision: signed ? bitsAllocated : bitsStored };
}
