/** Counts of each grey level, written to `out` (256 entries). */
export function histogram(pixels: Uint8Array, length: number, out: Int32Array): void {
  out.fill(0);
  for (let i = 0; i < length; i++) {
    const v = pixels[i] ?? 0;
    out[v] = (out[v] ?? 0) + 1;
  }
}

/** The table that changes nothing. */
export function identityTable(out: Uint8Array): void {
  for (let v = 0; v < 256; v++) out[v] = v;
}

/**
 * Autocontrast without cut-off: the darkest level present goes to 0, the brightest to 255, truncated as Pillow does.
 * An image of one level stays as it is.
 *
 * @param counts histogram, 256 entries
 * @param out table of 256 levels
 */
export function autocontrastTable(counts: Int32Array, out: Uint8Array): void {
  let low = 0;
  while (low < 256 && counts[low] === 0) low++;
  let high = 255;
  while (high >= 0 && counts[high] === 0) high--;
  if (high <= low) {
    identityTable(out);
    return;
  }
  const scale = 255 / (high - low);
  const offset = -low * scale;
  for (let v = 0; v < 256; v++) out[v] = Math.min(255, Math.max(0, Math.trunc(v * scale + offset)));
}

/**
 * Histogram equalisation as Pillow's `ImageOps.equalize`: each level goes to the number of steps below its middle, a step
 * being (pixels - pixels of the brightest level) div 255.
 *
 * @param counts histogram, 256 entries
 * @param out table of 256 levels
 */
export function equaliseTable(counts: Int32Array, out: Uint8Array): void {
  let total = 0;
  let levels = 0;
  let last = 0;
  for (let v = 0; v < 256; v++) {
    const count = counts[v] ?? 0;
    total += count;
    if (count > 0) {
      levels++;
      last = count;
    }
  }
  const step = Math.floor((total - last) / 255);
  if (levels <= 1 || step === 0) {
    identityTable(out);
    return;
  }
  let n = Math.floor(step / 2);
  for (let v = 0; v < 256; v++) {
    out[v] = Math.min(255, Math.floor(n / step));
    n += counts[v] ?? 0;
  }
}

/** Histogram of the image that `table` makes of an image with histogram `counts`; no pixel is touched. */
export function mapHistogram(counts: Int32Array, table: Uint8Array, out: Int32Array): void {
  out.fill(0);
  for (let v = 0; v < 256; v++) {
    const to = table[v] ?? 0;
    out[to] = (out[to] ?? 0) + (counts[v] ?? 0);
  }
}
