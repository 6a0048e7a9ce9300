import { VitError } from '../vit.errors';

/** Attention of the class token over the patches, one map a head. */
export interface AttentionMaps {
  readonly heads: number;
  readonly rows: number;
  readonly columns: number;
  /** [heads, rows, columns], row-major. */
  readonly values: Float32Array;
}

/** One image of a last-layer attention tensor, as plain values. */
export interface AttentionValues {
  /** [heads, N, N] of one image, row-major, or [batch, heads, N, N] with `image` naming the one. */
  readonly values: Float32Array;
  readonly heads: number;
  readonly rows: number;
  readonly columns: number;
  readonly image?: number;
}

/**
 * The class token's attention to each patch, by head: row 0 of each head without its own column (distl.md 6.27).
 *
 * @throws VitError `VIT.ATTENTION_SHAPE` when the values do not hold the image asked for
 */
export function classTokenMaps({ values, heads, rows, columns, image = 0 }: AttentionValues): AttentionMaps {
  const tokens = 1 + rows * columns;
  const perImage = heads * tokens * tokens;
  if (values.length % perImage !== 0 || values.length < (image + 1) * perImage) {
    throw new VitError(
      'VIT.ATTENTION_SHAPE',
      `expected attention [images, ${heads}, ${tokens}, ${tokens}] holding image ${image}, got ${values.length} values`,
      { details: { heads, tokens, image, length: values.length } },
    );
  }
  const maps = new Float32Array(heads * rows * columns);
  for (let head = 0; head < heads; head += 1) {
    const row = image * perImage + head * tokens * tokens;
    maps.set(values.subarray(row + 1, row + tokens), head * rows * columns);
  }
  return { heads, rows, columns, values: maps };
}

/**
 * The maps at the image's size: bilinear (half-pixel centres, edges clamped) by `factor`, the patch size, then each head
 * stretched to 0..1 by its own minimum and maximum; a head that is flat becomes 0.
 *
 * @returns maps of [heads, rows * factor, columns * factor]
 */
export function upsampledMaps(maps: AttentionMaps, factor: number): AttentionMaps {
  const rows = maps.rows * factor;
  const columns = maps.columns * factor;
  const vertical = linearTaps(maps.rows, rows);
  const horizontal = linearTaps(maps.columns, columns);
  const values = new Float32Array(maps.heads * rows * columns);
  for (let head = 0; head < maps.heads; head += 1) {
    const source = maps.values.subarray(head * maps.rows * maps.columns, (head + 1) * maps.rows * maps.columns);
    const target = values.subarray(head * rows * columns, (head + 1) * rows * columns);
    vertical.forEach((y, row) => {
      horizontal.forEach((x, column) => {
        const at = (line: number, cell: number) => source[line * maps.columns + cell] ?? 0;
        const top = at(y.low, x.low) * (1 - x.share) + at(y.low, x.high) * x.share;
        const bottom = at(y.high, x.low) * (1 - x.share) + at(y.high, x.high) * x.share;
        target[row * columns + column] = top * (1 - y.share) + bottom * y.share;
      });
    });
    stretch(target);
  }
  return { heads: maps.heads, rows, columns, values };
}

interface Taps {
  readonly low: number;
  readonly high: number;
  readonly share: number;
}

function linearTaps(from: number, to: number): readonly Taps[] {
  return Array.from({ length: to }, (_, target) => {
    const source = Math.max(((target + 0.5) * from) / to - 0.5, 0);
    const low = Math.min(Math.floor(source), from - 1);
    return { low, high: Math.min(low + 1, from - 1), share: source - low };
  });
}

function stretch(map: Float32Array): void {
  let least = Infinity;
  let most = -Infinity;
  for (const value of map) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const range = most - least;
  for (let index = 0; index < map.length; index += 1) {
    map[index] = range > 0 ? ((map[index] ?? 0) - least) / range : 0;
  }
}
