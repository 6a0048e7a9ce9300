/**
 * Averaging of a weight-normalised layer (w_r = g_r v_r / ||v_r||, the DINO head's last layer). The norm of a row v_r does
 * not change the function but would act as that row's weight in an average, so rows are brought to norm 1 before, and the
 * result to the norm that the row had at the round's start.
 */
export interface NormalisedRegion {
  /** First coordinate of the layer in the flat vector. */
  readonly offset: number;
  readonly rows: number;
  readonly width: number;
}

function norm(values: Float32Array, start: number, width: number): number {
  let sum = 0;
  for (let i = start; i < start + width; i++) sum += (values[i] ?? 0) ** 2;
  return Math.sqrt(sum);
}

/**
 * Turns updates of whole rows into directions, in place: x = (base + x) / ||base + x||. A row that ends at zero stays zero.
 */
export function toDirections(update: Float32Array, base: Float32Array, width: number): void {
  for (let start = 0; start < update.length; start += width) {
    for (let i = start; i < start + width; i++) update[i] = (update[i] ?? 0) + (base[i] ?? 0);
    const length = norm(update, start, width);
    if (length === 0) continue;
    for (let i = start; i < start + width; i++) update[i] = (update[i] ?? 0) / length;
  }
}

/**
 * Turns aggregated directions back into updates, in place: x = ||base|| x / ||x|| - base. A direction of zero (the sites
 * cancel out) leaves the row as it was.
 */
export function fromDirections(directions: Float32Array, base: Float32Array, width: number): void {
  for (let start = 0; start < directions.length; start += width) {
    const length = norm(directions, start, width);
    const scale = length === 0 ? 0 : norm(base, start, width) / length;
    for (let i = start; i < start + width; i++) {
      directions[i] = length === 0 ? 0 : scale * (directions[i] ?? 0) - (base[i] ?? 0);
    }
  }
}
