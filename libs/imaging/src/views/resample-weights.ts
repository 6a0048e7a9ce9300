/**
 * Weights of one resampling axis. Output i is sum over k < count[i] of weight[i * stride + k] * input[start[i] + k].
 * Weights are integers scaled by 2^WEIGHT_BITS, as Pillow's 8-bit path has them.
 */
export interface AxisWeights {
  readonly start: Int32Array;
  readonly count: Int32Array;
  readonly weight: Int32Array;
  readonly stride: number;
  /** Output equals input, sample by sample. */
  readonly identity: boolean;
}

/** 8 bits for the pixel, 2 for sums beyond it (bicubic overshoots), the rest for the weight: Pillow's PRECISION_BITS. */
export const WEIGHT_BITS = 22;

const BICUBIC_SUPPORT = 2;
const A = -0.5;

/** Keys' cubic convolution kernel with a = -0.5 (IEEE TASSP 29, 1981), which Pillow uses (OpenCV and PyTorch: -0.75). */
export function bicubic(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return ((A + 2) * t - (A + 3)) * t * t + 1;
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * A;
  return 0;
}

/**
 * Weights that take the interval [from, to) of an axis to `outSize` samples, antialiased when it shrinks.
 *
 * Input samples outside [0, inSize) do not exist: the kernel is cut there and made to sum to 1 again.
 *
 * @param inSize length of the input axis, pixels
 * @param from start of the interval, may be fractional
 * @param to end of the interval, may be fractional
 */
export function axisWeights(inSize: number, outSize: number, from = 0, to = inSize): AxisWeights {
  const scale = (to - from) / outSize;
  const filterScale = Math.max(scale, 1);
  const support = BICUBIC_SUPPORT * filterScale;
  const stride = Math.ceil(support) * 2 + 1;
  const start = new Int32Array(outSize);
  const count = new Int32Array(outSize);
  const weight = new Int32Array(outSize * stride);
  const row = new Float64Array(stride);
  const inverse = 1 / filterScale;
  for (let i = 0; i < outSize; i++) {
    const centre = from + (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const taps = Math.min(inSize, Math.trunc(centre + support + 0.5)) - first;
    let total = 0;
    for (let k = 0; k < taps; k++) {
      const w = bicubic((k + first - centre + 0.5) * inverse);
      row[k] = w;
      total += w;
    }
    for (let k = 0; k < taps; k++) {
      const w = total === 0 ? 0 : (row[k] ?? 0) / total;
      weight[i * stride + k] = Math.trunc((w < 0 ? -0.5 : 0.5) + w * (1 << WEIGHT_BITS));
    }
    start[i] = first;
    count[i] = taps;
  }
  return { start, count, weight, stride, identity: from === 0 && to === inSize && inSize === outSize };
}

/**
 * Keeps weights between calls. A crop's weights depend on its length and, in a reduced image, on where in a block it
 * starts, not on its place; a few hundred entries serve all the crops of a data set.
 */
export class AxisWeightCache {
  readonly #entries = new Map<number, AxisWeights>();
  readonly #capacity: number;

  constructor(capacity = 1024) {
    this.#capacity = capacity;
  }

  /**
   * @param length of the crop, pixels of the full image
   * @param outSize samples wanted
   * @param factor 1, or the reduction of the image that is read: 2 or 4
   * @param phase start of the crop modulo `factor`
   */
  get(length: number, outSize: number, factor = 1, phase = 0): AxisWeights {
    const key = ((length * 16_384 + outSize) * 4 + phase) * 4 + factor - 1;
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      if (this.#entries.size >= this.#capacity) this.#entries.clear();
      const to = (phase + length) / factor;
      entry = axisWeights(Math.ceil(to), outSize, phase / factor, to);
      this.#entries.set(key, entry);
    }
    return entry;
  }
}
