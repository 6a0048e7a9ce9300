import { type DataSet } from 'dicom-parser';
import { interleave } from '../codecs/run-decoder';
import { DecodeError } from '../decode.errors';
import { type PixelDescription } from './pixel-description';

export interface NativePixels {
  /** [frames, rows, columns, samples] as raw bits, samples interleaved. */
  readonly samples: Uint8Array | Uint16Array;
  readonly warnings: readonly string[];
}

/**
 * Reads uncompressed pixel data (DICOM PS3.5, 8.1).
 *
 * @param frames frames to read, from the first
 * @throws DecodeError IMAGING.NO_PIXEL_DATA when there are none, IMAGING.TRUNCATED when they are too few
 */
export function nativePixels(
  dataSet: DataSet,
  pixels: PixelDescription,
  { frames, bigEndian }: { readonly frames: number; readonly bigEndian: boolean },
): NativePixels {
  const element = dataSet.elements['x7fe00010'];
  if (element === undefined || element.length === 0) {
    throw new DecodeError('IMAGING.NO_PIXEL_DATA', 'expected pixel data, the file has none');
  }
  const pixelCount = pixels.rows * pixels.columns;
  const halved = pixels.photometricInterpretation === 'YBR_FULL_422';
  const storedSamples = halved ? 2 * pixelCount : pixelCount * pixels.samplesPerPixel;
  const frameBytes = (storedSamples * pixels.bitsAllocated) / 8;
  const total = frameBytes * pixels.frames;
  // The parser gives an element of undefined length a length that may run past the end of the file.
  const available = Math.min(element.length, dataSet.byteArray.length - element.dataOffset);
  if (available < total) {
    throw new DecodeError('IMAGING.TRUNCATED', `expected ${total} bytes of pixel data, got ${available}`);
  }
  const bytes = dataSet.byteArray.slice(
    element.dataOffset,
    element.dataOffset + frameBytes * frames + (frameBytes & 1),
  );
  if (bigEndian && (pixels.bitsAllocated === 16 || element.vr === 'OW')) swapPairs(bytes);
  const used = new Uint8Array(bytes.buffer, bytes.byteOffset, frameBytes * frames);
  const raw = pixels.bitsAllocated === 16 ? new Uint16Array(bytes.buffer, bytes.byteOffset, used.length / 2) : used;
  const warnings = element.length > total + (total & 1) ? ['PIXEL_DATA_TOO_LONG'] : [];
  return { samples: arrange(raw, pixels, { frames, halved }), warnings };
}

/** Big-endian words to little-endian ones. 8-bit samples in an OW element are swapped in pairs too (PS3.5, 8.1.1). */
function swapPairs(bytes: Uint8Array): void {
  for (let index = 0; index + 1 < bytes.length; index += 2) {
    const first = bytes[index] ?? 0;
    bytes[index] = bytes[index + 1] ?? 0;
    bytes[index + 1] = first;
  }
}

function arrange(
  raw: Uint8Array | Uint16Array,
  pixels: PixelDescription,
  { frames, halved }: { readonly frames: number; readonly halved: boolean },
): Uint8Array | Uint16Array {
  if (halved) return expandChroma(raw);
  if (pixels.samplesPerPixel === 1 || pixels.planarConfiguration === 0) return raw;
  const frameSamples = raw.length / frames;
  const result = raw.slice();
  for (let frame = 0; frame < frames; frame += 1) {
    result.set(interleave(raw.slice(frame * frameSamples, (frame + 1) * frameSamples), 3), frame * frameSamples);
  }
  return result;
}

/** Y1 Y2 Cb Cr for two pixels (PS3.3, C.7.6.3.1.2) to Y Cb Cr for each. */
function expandChroma(raw: Uint8Array | Uint16Array): Uint8Array | Uint16Array {
  const size = (raw.length / 2) * 3;
  const result = raw instanceof Uint8Array ? new Uint8Array(size) : new Uint16Array(size);
  for (let from = 0, to = 0; from + 3 < raw.length; from += 4, to += 6) {
    const blue = raw[from + 2] ?? 0;
    const red = raw[from + 3] ?? 0;
    result.set([raw[from] ?? 0, blue, red, raw[from + 1] ?? 0, blue, red], to);
  }
  return result;
}
