const { round } = Math;

const ENTRIES = 1024;
const SPAN = 1.6;

/** Values of a function over body coordinates from -1.6 to 1.6, for pixels to look up. */
export function tabulate(of: (position: number) => number): Float32Array {
  return Float32Array.from({ length: ENTRIES }, (_, i) => of((i / (ENTRIES - 1)) * 2 * SPAN - SPAN));
}

/** Nearest tabulated value; beyond the ends, the last one. */
export function lookUp(table: Float32Array, position: number): number {
  const i = round(((position + SPAN) / (2 * SPAN)) * (ENTRIES - 1));
  return table[i < 0 ? 0 : i >= ENTRIES ? ENTRIES - 1 : i] ?? 0;
}
