/** Fraction bits of the source position. */
const FIXED = 65_536;

/**
 * Rotates about the image's centre on the same canvas: nearest neighbour, 0 where nothing was.
 *
 * Positions run in 16.16 fixed point with the rounding that Pillow's `rotate` has (matrix rounded to 15 decimals, then
 * to 1/65536), so that the same pixels are picked.
 *
 * @param input [height, width]
 * @param angle degrees, counter-clockwise
 * @param out [height, width], another array than `input`
 */
export function rotate(input: Uint8Array, width: number, height: number, angle: number, out: Uint8Array): void {
  const radians = -((((angle % 360) + 360) % 360) * Math.PI) / 180;
  const a = round15(Math.cos(radians));
  const b = round15(Math.sin(radians));
  const d = round15(-Math.sin(radians));
  const e = a;
  const centreX = width / 2;
  const centreY = height / 2;
  const c = a * -centreX + b * -centreY + centreX;
  const f = d * -centreX + e * -centreY + centreY;
  const stepX = fix(a);
  const stepY = fix(d);
  let rowX = fix(c + a * 0.5 + b * 0.5);
  let rowY = fix(f + d * 0.5 + e * 0.5);
  const rowStepX = fix(b);
  const rowStepY = fix(e);
  for (let y = 0, o = 0; y < height; y++) {
    let px = rowX;
    let py = rowY;
    for (let x = 0; x < width; x++, o++) {
      const sx = px >> 16;
      const sy = py >> 16;
      out[o] = sx >= 0 && sx < width && sy >= 0 && sy < height ? (input[sy * width + sx] ?? 0) : 0;
      px = (px + stepX) | 0;
      py = (py + stepY) | 0;
    }
    rowX = (rowX + rowStepX) | 0;
    rowY = (rowY + rowStepY) | 0;
  }
}

function fix(value: number): number {
  return Math.floor(value * FIXED + 0.5);
}

function round15(value: number): number {
  return Number(value.toFixed(15));
}
