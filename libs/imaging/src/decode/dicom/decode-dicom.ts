import { type DataSet } from 'dicom-parser';
import { CODECS } from '../codecs/codecs';
import { type CodecFrame } from '../codecs/codec';
import {
  type DecodedPixels,
  type DecodeLimits,
  type PhotometricInterpretation,
  type StoredImage,
  type StoredValues,
} from '../decoded-file';
import { DecodeError } from '../decode.errors';
import { encapsulatedFrames } from './encapsulated-frames';
import { headerFacts } from './header-facts';
import { nativePixels } from './native-pixels';
import { parseDicomFile } from './parse-dicom';
import { describePixels, type PixelDescription } from './pixel-description';
import { renderingFacts } from './rendering-facts';
import { type StoredBits, storedValues } from './stored-values';
import { type CodecName, type TransferSyntax } from './transfer-syntax';

export interface DicomDecodeOptions {
  readonly frames: 'first' | 'all' | 'refuse';
  readonly limits: DecodeLimits;
}

interface Decoded {
  readonly values: StoredValues;
  readonly photometricInterpretation: PhotometricInterpretation;
  readonly warnings: readonly string[];
}

/**
 * Decodes a DICOM Part 10 file to stored values, header facts and rendering facts.
 *
 * @throws DecodeError any code of the decode area but those of the worker pool
 */
export async function decodeDicom(bytes: Uint8Array, options: DicomDecodeOptions): Promise<DecodedPixels> {
  const { dataSet, syntax } = parseDicomFile(bytes, options.limits.maxInflatedBytes);
  refuseOtherPixelData(dataSet);
  const pixels = describePixels(dataSet);
  const frames = framesToDecode(pixels, options);
  const decoded = await decodePixels(dataSet, syntax, pixels, frames);
  const { rows, columns, samplesPerPixel, bitsAllocated, bitsStored, signed } = pixels;
  const stored: StoredImage = {
    values: decoded.values,
    rows,
    columns,
    frames,
    samplesPerPixel,
    bitsAllocated,
    bitsStored,
    signed,
    photometricInterpretation: decoded.photometricInterpretation,
  };
  return {
    format: 'dicom',
    transferSyntax: syntax.uid,
    framesInFile: pixels.frames,
    photometricInterpretation: pixels.photometricInterpretation,
    stored,
    header: headerFacts(dataSet),
    rendering: renderingFacts(dataSet, pixels),
    warnings: decoded.warnings,
  };
}

function refuseOtherPixelData(dataSet: DataSet): void {
  const { elements } = dataSet;
  if (elements['x7fe00010'] !== undefined) return;
  const float = elements['x7fe00008'] !== undefined || elements['x7fe00009'] !== undefined;
  throw new DecodeError(
    'IMAGING.NO_PIXEL_DATA',
    `expected integer pixel data, the file has ${float ? 'floating-point ones' : 'none'}`,
  );
}

function framesToDecode(pixels: PixelDescription, { frames, limits }: DicomDecodeOptions): number {
  if (frames === 'refuse' && pixels.frames > 1) {
    throw new DecodeError('IMAGING.MULTI_FRAME', `expected one frame, got ${pixels.frames}`);
  }
  const count = frames === 'all' ? pixels.frames : 1;
  const bytes = (pixels.rows * pixels.columns * pixels.samplesPerPixel * count * pixels.bitsAllocated) / 8;
  if (bytes > limits.maxPixelBytes) {
    throw new DecodeError(
      'IMAGING.TOO_LARGE',
      `expected at most ${limits.maxPixelBytes} bytes of pixels, got ${bytes}`,
    );
  }
  return count;
}

async function decodePixels(
  dataSet: DataSet,
  syntax: TransferSyntax,
  pixels: PixelDescription,
  frames: number,
): Promise<Decoded> {
  const encapsulated = dataSet.elements['x7fe00010']?.encapsulatedPixelData === true;
  if (encapsulated !== (syntax.codec !== null)) {
    throw new DecodeError(
      'IMAGING.TRANSFER_SYNTAX',
      `expected ${syntax.codec === null ? 'native' : 'encapsulated'} pixel data for ${syntax.name}, got the other kind`,
    );
  }
  if (syntax.codec !== null) return decodeEncapsulated(dataSet, syntax.codec, pixels, frames);
  const { samples, warnings } = nativePixels(dataSet, pixels, { frames, bigEndian: syntax.bigEndian });
  const { photometricInterpretation: photometric } = pixels;
  return {
    values: storedValues(samples, pixels),
    photometricInterpretation: photometric === 'YBR_FULL_422' ? 'YBR_FULL' : photometric,
    warnings,
  };
}

async function decodeEncapsulated(
  dataSet: DataSet,
  codecName: CodecName,
  pixels: PixelDescription,
  frames: number,
): Promise<Decoded> {
  const { frames: codestreams, warnings } = encapsulatedFrames(dataSet, pixels.frames, frames);
  const frameSamples = pixels.rows * pixels.columns * pixels.samplesPerPixel;
  const cells =
    pixels.bitsAllocated === 16 ? new Uint16Array(frameSamples * frames) : new Uint8Array(frameSamples * frames);
  let last: CodecFrame | undefined;
  for (const [index, codestream] of codestreams.entries()) {
    last = await CODECS[codecName](codestream, {
      ...pixels,
      ycbcr: pixels.photometricInterpretation.startsWith('YBR'),
    });
    cells.set(last.samples, index * frameSamples);
  }
  if (last === undefined) throw new DecodeError('IMAGING.NO_PIXEL_DATA', 'expected a frame of pixel data, got none');
  const { photometricInterpretation: photometric } = pixels;
  return {
    values: storedValues(cells, cellBits(pixels, codecName, last)),
    photometricInterpretation: last.becameRgb ? 'RGB' : photometric === 'YBR_FULL_422' ? 'YBR_FULL' : photometric,
    warnings,
  };
}

/** Where the value lies in what a codec gives: RLE keeps the file's cells, the others give the value in the low bits. */
function cellBits(pixels: PixelDescription, codec: CodecName, frame: CodecFrame): StoredBits {
  if (codec === 'rle' || codec === 'uncompressed') return pixels;
  const { bitsAllocated, bitsStored, signed } = pixels;
  // JPEG 2000 says itself how wide the value is. Elsewhere the wider of codestream and header is right: a lossy codestream
  // may overshoot the stored range, and cutting the value to `bitsStored` would turn the brightest pixels black.
  const bits = frame.signed === null ? Math.max(bitsStored, frame.precision) : frame.precision;
  return { bitsAllocated, bitsStored: bits, highBit: bits - 1, signed };
}
