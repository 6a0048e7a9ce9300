/** PyTorch's cubic convolution constant (Pillow's, used for image resizing, is -0.5). */
const a = -0.75;

/**
 * Rows of resampling weights that take `from` equally spaced samples to `to`: a [to, from] matrix in float64, row-major.
 *
 * Half-pixel centres, edges clamped, no antialiasing: source = (target + 0.5) * step - 0.5. The released DISTL and DINO code
 * computes its step from a grid 0.1 larger than wanted (to dodge a rounding error of its resize), so the step is
 * from / (to + 0.1), not from / to; a difference of up to 0.8 on unit noise (distl.md 7.3).
 */
export function bicubicMatrix(from: number, to: number, step: number = from / (to + 0.1)): Float64Array {
  const matrix = new Float64Array(to * from);
  for (let target = 0; target < to; target += 1) {
    const source = (target + 0.5) * step - 0.5;
    const left = Math.floor(source);
    for (let tap = -1; tap <= 2; tap += 1) {
      const clamped = Math.min(Math.max(left + tap, 0), from - 1);
      const cell = target * from + clamped;
      matrix[cell] = (matrix[cell] ?? 0) + cubic(Math.abs(source - (left + tap)));
    }
  }
  return matrix;
}

/** Keys' cubic convolution kernel at distance x >= 0 (Keys 1981, Eq. 15 with a free). */
function cubic(x: number): number {
  if (x <= 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  if (x < 2) return a * (((x - 5) * x + 8) * x - 4);
  return 0;
}
