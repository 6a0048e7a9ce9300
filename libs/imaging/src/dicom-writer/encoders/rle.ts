import { concatenate, even } from '../encode-data-set';
import { type FrameSamples } from '../encode-frames';
import { cellOf } from '../native-bytes';

/** DICOM RLE (PS3.5, annex G). */
export function encodeRle({ pixels }: FrameSamples): Uint8Array {
  const { values, rows, columns, samplesPerPixel, bitsAllocated } = pixels;
  const bytesPerSample = bitsAllocated / 8;
  const segments: Uint8Array[] = [];
  for (let sample = 0; sample < samplesPerPixel; sample += 1) {
    for (let byte = bytesPerSample - 1; byte >= 0; byte -= 1) {
      const plane = new Uint8Array(rows * columns);
      for (let pixel = 0; pixel < plane.length; pixel += 1) {
        plane[pixel] = cellOf(values[pixel * samplesPerPixel + sample] ?? 0, pixels) >> (8 * byte);
      }
      const lines = Array.from({ length: rows }, (_, row) =>
        packBits(plane.subarray(row * columns, (row + 1) * columns)),
      );
      segments.push(even(concatenate(lines), 0));
    }
  }
  const header = new Uint8Array(64);
  const view = new DataView(header.buffer);
  view.setUint32(0, segments.length, true);
  let offset = 64;
  segments.forEach((segment, index) => {
    view.setUint32(4 + 4 * index, offset, true);
    offset += segment.length;
  });
  return concatenate([header, ...segments]);
}

/** Runs of at least three equal bytes are worth a repeat; everything else is copied. */
function packBits(row: Uint8Array): Uint8Array {
  const out: number[] = [];
  let at = 0;
  while (at < row.length) {
    const run = runLength(row, at);
    if (run >= 3) {
      out.push(257 - run, row[at] ?? 0);
      at += run;
      continue;
    }
    let end = at;
    while (end < row.length && end - at < 128 && runLength(row, end) < 3) end += 1;
    out.push(end - at - 1, ...row.subarray(at, end));
    at = end;
  }
  return Uint8Array.from(out);
}

function runLength(row: Uint8Array, start: number): number {
  let end = start;
  while (end < row.length && end - start < 128 && row[end] === row[start]) end += 1;
  return end - start;
}
