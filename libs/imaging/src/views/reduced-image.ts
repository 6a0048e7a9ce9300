import { type Grey8 } from './grey8';

/** What is left to shrink after the reduction must be at least this much, so that bicubic still does the antialiasing. */
const LEAST_REMAINING_SHRINK = 1.5;

/** Reduction (1, 2 or 4) to start from in `fast` mode for a crop that shrinks by `shrink` along its weaker axis. */
export function reductionFor(shrink: number): 1 | 2 | 4 {
  if (shrink >= 4 * LEAST_REMAINING_SHRINK) return 4;
  return shrink >= 2 * LEAST_REMAINING_SHRINK ? 2 : 1;
}

/**
 * Half-size copy: each pixel is the rounded mean of a 2 x 2 block. An odd last row or column is repeated.
 *
 * @param out at least ceil(width / 2) * ceil(height / 2) bytes
 */
export function halve(image: Grey8, out: Uint8Array): Grey8 {
  const { width, height, pixels } = image;
  const halfWidth = (width + 1) >> 1;
  const halfHeight = (height + 1) >> 1;
  const inner = width >> 1;
  for (let y = 0, o = 0; y < halfHeight; y++) {
    let p = 2 * y * width;
    let q = 2 * y + 1 < height ? p + width : p;
    for (let x = 0; x < inner; x++, o++, p += 2, q += 2) {
      out[o] = ((pixels[p] ?? 0) + (pixels[p + 1] ?? 0) + (pixels[q] ?? 0) + (pixels[q + 1] ?? 0) + 2) >> 2;
    }
    if (inner < halfWidth) out[o++] = ((pixels[p] ?? 0) + (pixels[q] ?? 0) + 1) >> 1;
  }
  return { width: halfWidth, height: halfHeight, pixels: out };
}
