import { type AxisWeights, WEIGHT_BITS } from './resample-weights';

const HALF = 1 << (WEIGHT_BITS - 1);
const { imul } = Math;

/** A rectangle inside a row-major 8-bit image. */
export interface PixelWindow {
  readonly pixels: Uint8Array;
  /** Index of the window's first pixel. */
  readonly offset: number;
  /** Pixels from one row to the next. */
  readonly pitch: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Resamples a window: rows first, then columns, rounded to 8 bits after each, which is Pillow's order. An axis that keeps
 * its size is copied.
 *
 * @param rows scratch of at least window.height * outWidth bytes
 * @param out [outHeight, outWidth]
 * @param mirror write each row from right to left (a flip at no cost)
 */
export function resample(
  window: PixelWindow,
  horizontal: AxisWeights,
  vertical: AxisWeights,
  rows: Uint8Array,
  out: Uint8Array,
  mirror = false,
): void {
  const outWidth = horizontal.start.length;
  const first = vertical.identity ? out : rows;
  if (horizontal.identity) copyRows(window, first, mirror);
  else resampleRows(window, horizontal, first, mirror);
  if (!vertical.identity) resampleColumns(rows, outWidth, vertical, out);
}

function copyRows(window: PixelWindow, out: Uint8Array, mirror: boolean): void {
  const { pixels, offset, pitch, width, height } = window;
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray(offset + y * pitch, offset + y * pitch + width);
    const target = out.subarray(y * width, (y + 1) * width);
    target.set(row);
    if (mirror) target.reverse();
  }
}

// In both passes four sums share each weight, which halves the time of the plain loop. `| 0` keeps V8 on 32-bit
// integers; indices are in range by construction of the weights, so `?? 0` never acts.

function resampleRows(window: PixelWindow, axis: AxisWeights, out: Uint8Array, mirror: boolean): void {
  const { pixels, offset, pitch, height } = window;
  const { start, count, weight, stride } = axis;
  const outWidth = start.length;
  const lastRow = height - 1;
  for (let y = 0; y < height; y += 4) {
    // Past the end, rows repeat the last one: computed twice, written twice, and no loop for the rest.
    const y1 = y + 1 < lastRow ? y + 1 : lastRow;
    const y2 = y + 2 < lastRow ? y + 2 : lastRow;
    const y3 = y + 3 < lastRow ? y + 3 : lastRow;
    const line0 = offset + y * pitch;
    const step1 = (y1 - y) * pitch;
    const step2 = (y2 - y) * pitch;
    const step3 = (y3 - y) * pitch;
    for (let x = 0; x < outWidth; x++) {
      let p = line0 + (start[x] ?? 0);
      let w = x * stride;
      const end = w + (count[x] ?? 0);
      let sum0 = HALF;
      let sum1 = HALF;
      let sum2 = HALF;
      let sum3 = HALF;
      for (; w < end; w++, p++) {
        const factor = weight[w] ?? 0;
        sum0 = (sum0 + imul(pixels[p] ?? 0, factor)) | 0;
        sum1 = (sum1 + imul(pixels[p + step1] ?? 0, factor)) | 0;
        sum2 = (sum2 + imul(pixels[p + step2] ?? 0, factor)) | 0;
        sum3 = (sum3 + imul(pixels[p + step3] ?? 0, factor)) | 0;
      }
      const o = mirror ? outWidth - 1 - x : x;
      out[y * outWidth + o] = toByte(sum0);
      out[y1 * outWidth + o] = toByte(sum1);
      out[y2 * outWidth + o] = toByte(sum2);
      out[y3 * outWidth + o] = toByte(sum3);
    }
  }
}

function resampleColumns(rows: Uint8Array, width: number, axis: AxisWeights, out: Uint8Array): void {
  const { start, count, weight, stride } = axis;
  const outHeight = start.length;
  const last = width - 1;
  for (let y = 0; y < outHeight; y++) {
    const line = (start[y] ?? 0) * width;
    const firstWeight = y * stride;
    const end = firstWeight + (count[y] ?? 0);
    const outLine = y * width;
    for (let x = 0; x < width; x += 4) {
      const x1 = x + 1 < last ? x + 1 : last;
      const x2 = x + 2 < last ? x + 2 : last;
      const x3 = x + 3 < last ? x + 3 : last;
      let sum0 = HALF;
      let sum1 = HALF;
      let sum2 = HALF;
      let sum3 = HALF;
      for (let w = firstWeight, p = line; w < end; w++, p += width) {
        const factor = weight[w] ?? 0;
        sum0 = (sum0 + imul(rows[p + x] ?? 0, factor)) | 0;
        sum1 = (sum1 + imul(rows[p + x1] ?? 0, factor)) | 0;
        sum2 = (sum2 + imul(rows[p + x2] ?? 0, factor)) | 0;
        sum3 = (sum3 + imul(rows[p + x3] ?? 0, factor)) | 0;
      }
      out[outLine + x] = toByte(sum0);
      out[outLine + x1] = toByte(sum1);
      out[outLine + x2] = toByte(sum2);
      out[outLine + x3] = toByte(sum3);
    }
  }
}

function toByte(sum: number): number {
  const value = sum >> WEIGHT_BITS;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
