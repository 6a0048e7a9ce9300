import { type CompletePixels } from './dicom-pixels';

/** Samples of one frame in the order of the planar configuration. */
export function planarOrder(frame: CompletePixels['values'], pixels: CompletePixels): CompletePixels['values'] {
  const { samplesPerPixel, planarConfiguration } = pixels;
  if (samplesPerPixel === 1 || planarConfiguration === 0) return frame;
  const planar = frame.slice();
  const count = frame.length / samplesPerPixel;
  for (let sample = 0; sample < samplesPerPixel; sample += 1) {
    for (let pixel = 0; pixel < count; pixel += 1)
      planar[sample * count + pixel] = frame[pixel * samplesPerPixel + sample] ?? 0;
  }
  return planar;
}

/** Cells of native pixel data: each value moved up to the high bit, in the byte order asked for. */
export function nativeBytes(pixels: CompletePixels, { bigEndian }: { readonly bigEndian: boolean }): Uint8Array {
  const { values, frames, bitsAllocated } = pixels;
  const size = values.length / frames;
  const bytes = new Uint8Array((values.length * bitsAllocated) / 8);
  const view = new DataView(bytes.buffer);
  for (let frame = 0; frame < frames; frame += 1) {
    const ordered = planarOrder(values.slice(frame * size, (frame + 1) * size), pixels);
    ordered.forEach((value, index) => {
      const cell = cellOf(value, pixels);
      const at = frame * size + index;
      if (bitsAllocated === 8) bytes[at] = cell;
      else view.setUint16(2 * at, cell, !bigEndian);
    });
  }
  return bytes;
}

/** The allocated cell of a value; a signed one is cut to its stored bits only when it is shifted. */
export function cellOf(value: number, { bitsAllocated, bitsStored, highBit }: CompletePixels): number {
  const shift = highBit + 1 - bitsStored;
  const mask = 2 ** bitsAllocated - 1;
  return shift === 0 ? value & mask : ((value & (2 ** bitsStored - 1)) << shift) & mask;
}
