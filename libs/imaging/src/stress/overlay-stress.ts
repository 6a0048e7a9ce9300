import { type Rng } from '@fedistl/core';
import { type Grey8 } from '../views/grey8';

/** Side markers, as lead letters show them: 5 x 7 cells each, rows from the top. */
const LETTERS = {
  L: ['10000', '10000', '10000', '10000', '10000', '10000', '11111'],
  R: ['11110', '10001', '10001', '11110', '10100', '10010', '10001'],
} as const;

const CELLS = { columns: 5, rows: 7 } as const;
/** Distance from the edges, share of the side. */
const MARGIN = 0.04;

/** Burns a white "L" or "R" into an upper corner. @param height of the letter, share of the side */
export function addMarker(image: Grey8, height: number, rng: Rng): Grey8 {
  const { width, height: rows } = image;
  const pixels = image.pixels.slice(0, width * rows);
  const letter = rng.bernoulli(0.5) ? LETTERS.L : LETTERS.R;
  const onRight = rng.bernoulli(0.5);
  const side = Math.min(width, rows);
  const cell = (height * side) / CELLS.rows;
  const [letterWidth, margin] = [cell * CELLS.columns, MARGIN * side];
  const left = Math.round(onRight ? width - margin - letterWidth : margin);
  const top = Math.round(margin);
  for (let y = top; y < Math.min(rows, Math.round(top + cell * CELLS.rows)); y++) {
    for (let x = left; x < Math.min(width, Math.round(left + letterWidth)); x++) {
      const row = letter[Math.min(CELLS.rows - 1, Math.floor((y - top) / cell))] ?? '';
      if (row[Math.min(CELLS.columns - 1, Math.floor((x - left) / cell))] === '1') pixels[y * width + x] = 255;
    }
  }
  return { width, height: rows, pixels };
}

/** Blackens a rectangle anywhere. @param area share of the image */
export function occlude(image: Grey8, area: number, rng: Rng): Grey8 {
  const { width, height } = image;
  const pixels = image.pixels.slice(0, width * height);
  // Between upright and lying; the place is drawn as a share, so that of higher grades it stays about the same.
  const aspect = Math.exp(rng.uniform(Math.log(0.5), Math.log(2)));
  const [u, v] = [rng.uniform(), rng.uniform()];
  const columns = Math.min(width, Math.round(Math.sqrt(area * aspect) * width));
  const rows = Math.min(height, Math.round(Math.sqrt(area / aspect) * height));
  const [left, top] = [Math.round(u * (width - columns)), Math.round(v * (height - rows))];
  for (let y = top; y < top + rows; y++) pixels.fill(0, y * width + left, y * width + left + columns);
  return { width, height, pixels };
}
