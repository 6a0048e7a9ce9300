/** Patch kernel values and their shape [D, C, p, p]. */
export interface PatchKernel {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

/**
 * The kernel for another number of channels, with the same function of grey images (whose channels are equal).
 *
 * Three to one: the sum over the channels, exact in float64 before it is rounded. One to three: w becomes
 * (w - 2t, t, t) with t = w/3 rounded. w - 2t has no rounding error (2t is within a factor of two of w), so folding the
 * result gives back w to the bit.
 */
export function convertChannels({ values, shape }: PatchKernel, channels: 1 | 3): Float32Array {
  const [outputs = 0, given = 0, height = 0, width = 0] = shape;
  if (given === channels) return values;
  const area = height * width;
  const converted = new Float32Array(outputs * channels * area);
  for (let output = 0; output < outputs; output += 1) {
    for (let pixel = 0; pixel < area; pixel += 1) {
      const from = output * given * area + pixel;
      const to = output * channels * area + pixel;
      if (channels === 1) {
        converted[to] = (values[from] ?? 0) + (values[from + area] ?? 0) + (values[from + 2 * area] ?? 0);
      } else {
        const whole = values[from] ?? 0;
        const third = Math.fround(whole / 3);
        converted[to] = whole - 2 * third;
        converted[to + area] = third;
        converted[to + 2 * area] = third;
      }
    }
  }
  return converted;
}
