/** Passes that make three boxes look like a Gaussian. */
const PASSES = 3;
const { fround: f, imul } = Math;

/**
 * Radius of the box that, applied three times, has the variance of a Gaussian of standard deviation `radius`
 * (Gwosdek et al., "Theoretical foundations of Gaussian convolution by extended box filtering", SSVM 2011, steps 7-14).
 * Computed in float32, since Pillow does.
 */
export function gaussianBoxRadius(radius: number): number {
  const r = f(radius);
  const variance = f(f(r * r) / PASSES);
  const length = f(Math.sqrt(12 * variance + 1));
  const whole = f(Math.floor((length - 1) / 2));
  const odd = f(2 * whole + 1);
  const numerator = f(odd * f(f(whole * f(whole + 1)) - f(3 * variance)));
  const denominator = f(6 * f(variance - f(f(whole + 1) * f(whole + 1))));
  return f(whole + f(numerator / denominator));
}

/** Scratch of `gaussianBlur`, kept by the caller so that no blur allocates. */
export interface BlurScratch {
  /** At least width * height bytes. */
  readonly image: Uint8Array;
  /** At least width sums. */
  readonly sums: Int32Array;
}

/**
 * Gaussian blur by three fractional box passes along rows, then three along columns, each rounded to 8 bits; edges are
 * replicated. Byte for byte what Pillow's `ImageFilter.GaussianBlur` gives.
 *
 * @param pixels [height, width], changed in place
 * @param radius standard deviation, pixels
 */
export function gaussianBlur(
  pixels: Uint8Array,
  width: number,
  height: number,
  radius: number,
  scratch: BlurScratch,
): void {
  const boxRadius = gaussianBoxRadius(radius);
  if (!(boxRadius > 0)) return;
  const whole = Math.trunc(boxRadius);
  // Weight of a full pixel and of the two half-covered ones at the ends, scaled by 2^24.
  const full = Math.trunc(f((1 << 24) / f(f(boxRadius * 2) + 1)));
  const part = Math.trunc(((1 << 24) - (whole * 2 + 1) * full) / 2);
  const { image, sums } = scratch;
  blurRows(pixels, image, width, height, whole, full, part);
  blurRows(image, pixels, width, height, whole, full, part);
  blurRows(pixels, image, width, height, whole, full, part);
  blurColumns(image, pixels, width, height, whole, full, part, sums);
  blurColumns(pixels, image, width, height, whole, full, part, sums);
  blurColumns(image, pixels, width, height, whole, full, part, sums);
}

const ROUND = 1 << 23;

function blurRows(
  input: Uint8Array,
  out: Uint8Array,
  width: number,
  height: number,
  r: number,
  full: number,
  part: number,
): void {
  const last = width - 1;
  const innerEnd = width - r - 1;
  for (let y = 0; y < height; y++) {
    const line = y * width;
    // Sum of the window around position -1.
    let sum = (input[line] ?? 0) * (r + 1);
    for (let k = 0; k < r; k++) sum += input[line + (k < last ? k : last)] ?? 0;
    let x = 0;
    for (; x < width; x++) {
      if (x === r + 1) break;
      const right = x + r;
      const beyond = right + 1;
      sum += (input[line + (right < last ? right : last)] ?? 0) - (input[line] ?? 0);
      const ends = (input[line] ?? 0) + (input[line + (beyond < last ? beyond : last)] ?? 0);
      out[line + x] = (imul(sum, full) + imul(ends, part) + ROUND) >>> 24;
    }
    for (; x < innerEnd; x++) {
      const leaving = input[line + x - r - 1] ?? 0;
      sum += (input[line + x + r] ?? 0) - leaving;
      const ends = leaving + (input[line + x + r + 1] ?? 0);
      out[line + x] = (imul(sum, full) + imul(ends, part) + ROUND) >>> 24;
    }
    const edge = input[line + last] ?? 0;
    for (; x < width; x++) {
      const leaving = input[line + x - r - 1] ?? 0;
      sum += edge - leaving;
      out[line + x] = (imul(sum, full) + imul(leaving + edge, part) + ROUND) >>> 24;
    }
  }
}

/** One row of sums slides down the image: memory is read in order, no transposition. */
function blurColumns(
  input: Uint8Array,
  out: Uint8Array,
  width: number,
  height: number,
  r: number,
  full: number,
  part: number,
  sums: Int32Array,
): void {
  const last = height - 1;
  for (let x = 0; x < width; x++) sums[x] = (input[x] ?? 0) * (r + 1);
  for (let k = 0; k < r; k++) {
    const line = Math.min(k, last) * width;
    for (let x = 0; x < width; x++) sums[x] = (sums[x] ?? 0) + (input[line + x] ?? 0);
  }
  for (let y = 0; y < height; y++) {
    const line = y * width;
    const leave = Math.max(y - r - 1, 0) * width;
    const enter = Math.min(y + r, last) * width;
    const beyond = Math.min(y + r + 1, last) * width;
    for (let x = 0; x < width; x++) {
      const leaving = input[leave + x] ?? 0;
      const sum = ((sums[x] ?? 0) + (input[enter + x] ?? 0) - leaving) | 0;
      sums[x] = sum;
      const ends = leaving + (input[beyond + x] ?? 0);
      out[line + x] = (imul(sum, full) + imul(ends, part) + ROUND) >>> 24;
    }
  }
}
