import { DecodeError } from '../decode.errors';
import { type CodecFrame, type ExpectedFrame } from './codec';

const HEADER_BYTES = 64;

/**
 * DICOM RLE (PS3.5, annex G): up to 15 segments of PackBits, one a byte of a sample, most significant byte first.
 *
 * @throws DecodeError IMAGING.CODESTREAM when segments are missing, lie outside the frame or end too early
 */
export function decodeRle(codestream: Uint8Array, expected: ExpectedFrame): CodecFrame {
  const { rows, columns, samplesPerPixel, bitsAllocated } = expected;
  const bytesPerSample = bitsAllocated / 8;
  const segments = segmentsOf(codestream, samplesPerPixel * bytesPerSample);
  const pixels = rows * columns;
  const bytes = new Uint8Array(pixels * samplesPerPixel * bytesPerSample);
  segments.forEach((segment, index) => {
    const sample = Math.floor(index / bytesPerSample);
    const significance = bytesPerSample - 1 - (index % bytesPerSample);
    unpack(segment, bytes, {
      start: sample * bytesPerSample + significance,
      stride: samplesPerPixel * bytesPerSample,
      count: pixels,
    });
  });
  const samples = bitsAllocated === 8 ? bytes : wordsOf(bytes);
  return { samples, precision: bitsAllocated, signed: null, becameRgb: false };
}

function wordsOf(bytes: Uint8Array): Uint16Array {
  const words = new Uint16Array(bytes.length / 2);
  for (let index = 0; index < words.length; index += 1) {
    words[index] = (bytes[2 * index] ?? 0) | ((bytes[2 * index + 1] ?? 0) << 8);
  }
  return words;
}

function segmentsOf(codestream: Uint8Array, count: number): Uint8Array[] {
  if (codestream.length < HEADER_BYTES) {
    throw new DecodeError('IMAGING.CODESTREAM', `expected an RLE header of 64 bytes, got ${codestream.length}`);
  }
  const view = new DataView(codestream.buffer, codestream.byteOffset, codestream.byteLength);
  const found = view.getUint32(0, true);
  if (found !== count) throw new DecodeError('IMAGING.CODESTREAM', `expected ${count} RLE segments, got ${found}`);
  const offsets = Array.from({ length: count }, (_, index) => view.getUint32(4 + 4 * index, true));
  return offsets.map((offset, index) => {
    const end = offsets[index + 1] ?? codestream.length;
    if (offset < HEADER_BYTES || end <= offset || end > codestream.length) {
      throw new DecodeError('IMAGING.CODESTREAM', `RLE segment ${index + 1} of ${count} lies outside its frame`);
    }
    return codestream.subarray(offset, end);
  });
}

/** PackBits: n < 128 copies n + 1 bytes, n > 128 repeats the next byte 257 - n times, 128 does nothing. */
function unpack(
  segment: Uint8Array,
  out: Uint8Array,
  { start, stride, count }: { readonly start: number; readonly stride: number; readonly count: number },
): void {
  let read = 0;
  let written = 0;
  while (written < count && read < segment.length) {
    const control = segment[read] ?? 0;
    read += 1;
    if (control === 128) continue;
    const length = control < 128 ? control + 1 : 257 - control;
    // The last run of a segment may be one longer than the image, because of even-length padding.
    const used = Math.min(length, count - written);
    const available = control < 128 ? segment.length - read : used * Number(read < segment.length);
    if (available < used) break;
    for (let index = 0; index < used; index += 1) {
      out[start + (written + index) * stride] = segment[control < 128 ? read + index : read] ?? 0;
    }
    read += control < 128 ? length : 1;
    written += used;
  }
  if (written < count) {
    throw new DecodeError('IMAGING.CODESTREAM', `expected ${count} bytes in each RLE segment, one ends at ${written}`);
  }
}
