import { type Grey8 } from '../views/grey8';

/** Source position of the output pixel (x, y), pixel centres at whole numbers. */
type Source = (x: number, y: number) => readonly [x: number, y: number];

/** Reads the image at other positions, bilinear; outside of it all is black, like the air around a patient. */
function moved({ width, height, pixels }: Grey8, source: Source): Grey8 {
  const at = (x: number, y: number): number =>
    x >= 0 && x < width && y >= 0 && y < height ? (pixels[y * width + x] ?? 0) : 0;
  const out = new Uint8Array(width * height);
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o++) {
      const [sx, sy] = source(x, y);
      const [left, top] = [Math.floor(sx), Math.floor(sy)];
      const [u, v] = [sx - left, sy - top];
      const upper = at(left, top) * (1 - u) + at(left + 1, top) * u;
      const lower = at(left, top + 1) * (1 - u) + at(left + 1, top + 1) * u;
      out[o] = Math.round(upper * (1 - v) + lower * v);
    }
  }
  return { width, height, pixels: out };
}

/** Turns about the centre on the same canvas. @param degrees counter-clockwise */
export function turn(image: Grey8, degrees: number): Grey8 {
  const radians = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(radians), Math.sin(radians)];
  const [cx, cy] = [(image.width - 1) / 2, (image.height - 1) / 2];
  return moved(image, (x, y) => [cx + cos * (x - cx) - sin * (y - cy), cy + sin * (x - cx) + cos * (y - cy)]);
}

/** Moves the image to the right by `dx` and down by `dy` pixels. */
export function shift(image: Grey8, dx: number, dy: number): Grey8 {
  return moved(image, (x, y) => [x - dx, y - dy]);
}
