import { type GreySource } from './grey-source';

/** For each output position, which inputs it reads and how much of each. */
export interface AxisWeights {
  readonly starts: Int32Array;
  /** [output + 1]: weights of output `o` are `weights[offsets[o]] ... weights[offsets[o + 1] - 1]`. */
  readonly offsets: Int32Array;
  readonly weights: Float32Array;
}

function collect(rows: readonly { readonly start: number; readonly weights: readonly number[] }[]): AxisWeights {
  const offsets = new Int32Array(rows.length + 1);
  rows.forEach((row, index) => {
    offsets[index + 1] = (offsets[index] ?? 0) + row.weights.length;
  });
  return {
    starts: Int32Array.from(rows, (row) => row.start),
    offsets,
    weights: Float32Array.from(rows.flatMap((row) => row.weights)),
  };
}

/**
 * Bilinear interpolation between pixel centres, without antialiasing: output centre o reads at (o + 0.5) * scale - 0.5.
 * This is the resize of the published code; shrinking by more than two, it skips input pixels altogether.
 */
export function bilinearWeights(input: number, output: number): AxisWeights {
  return collect(
    Array.from({ length: output }, (_, index) => {
      const centre = Math.min(Math.max(((index + 0.5) * input) / output - 0.5, 0), input - 1);
      const start = Math.min(Math.floor(centre), Math.max(input - 2, 0));
      const fraction = centre - start;
      return { start, weights: input === 1 ? [1] : [1 - fraction, fraction] };
    }),
  );
}

/**
 * Each output pixel is the mean of the input area that it covers. Used for shrinking: from a 4000-pixel detector to 256
 * pixels, bilinear sampling would read one input pixel in 60, so that noise and anti-scatter grids alias into patterns and
 * a thin pleural line or a small nodule may fall between the samples; the mean keeps its share of everything.
 * For enlarging, a mean would repeat pixels, so it is bilinear then.
 */
export function areaWeights(input: number, output: number): AxisWeights {
  if (output >= input) return bilinearWeights(input, output);
  const scale = input / output;
  return collect(
    Array.from({ length: output }, (_, index) => {
      const from = index * scale;
      const to = Math.min((index + 1) * scale, input);
      const start = Math.floor(from);
      const end = Math.min(Math.ceil(to - 1e-9), input);
      const weights = Array.from({ length: end - start }, (_unused, position) => {
        const cell = start + position;
        return (Math.min(cell + 1, to) - Math.max(cell, from)) / (to - from);
      });
      return { start, weights };
    }),
  );
}

export interface ResampleSize {
  readonly width: number;
  readonly height: number;
}

/** Resamples an image of cells to levels [height, width], first along rows, then along columns. */
export function resample(
  { rows, columns, cells, table }: GreySource,
  { width, height }: ResampleSize,
  weightsOf: (input: number, output: number) => AxisWeights,
): Float32Array {
  const horizontal = weightsOf(columns, width);
  const vertical = weightsOf(rows, height);
  const line = new Float32Array(columns);
  const narrow = new Float32Array(rows * width);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) line[column] = table[cells[row * columns + column] ?? 0] ?? 0;
    for (let x = 0; x < width; x += 1) {
      const from = horizontal.offsets[x] ?? 0;
      const to = horizontal.offsets[x + 1] ?? 0;
      const shift = (horizontal.starts[x] ?? 0) - from;
      let sum = 0;
      for (let k = from; k < to; k += 1) sum += (horizontal.weights[k] ?? 0) * (line[k + shift] ?? 0);
      narrow[row * width + x] = sum;
    }
  }
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const from = vertical.offsets[y] ?? 0;
    const to = vertical.offsets[y + 1] ?? 0;
    const shift = (vertical.starts[y] ?? 0) - from;
    for (let k = from; k < to; k += 1) {
      const weight = vertical.weights[k] ?? 0;
      const at = (k + shift) * width;
      for (let x = 0; x < width; x += 1)
        result[y * width + x] = (result[y * width + x] ?? 0) + weight * (narrow[at + x] ?? 0);
    }
  }
  return result;
}
