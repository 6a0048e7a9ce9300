import { type Rng } from '@fedistl/core';

const { floor, max, round, sqrt } = Math;

/**
 * Smooth random texture: octaves of value noise, each half the size and `persistence` of the strength of the one before.
 * Mean 0, standard deviation about 0.35.
 *
 * @param cells lattice cells across the image in the first octave
 * @returns [size, size]
 */
export function fractalNoise(rng: Rng, size: number, cells: number, octaves: number, persistence = 0.55): Float32Array {
  const out = new Float32Array(size * size);
  let strength = 1;
  let norm = 0;
  for (let octave = 0; octave < octaves; octave++) {
    const n = round(cells * 2 ** octave);
    // Finer than the pixels: invisible, and not worth the lattice.
    if (n > size) break;
    addLattice(rng, size, n, strength, out);
    norm += strength * strength;
    strength *= persistence;
  }
  const scale = 1 / sqrt(max(norm, 1e-9));
  for (let i = 0; i < out.length; i++) out[i] = (out[i] ?? 0) * scale;
  return out;
}

function addLattice(rng: Rng, size: number, n: number, strength: number, out: Float32Array): void {
  const width = n + 2;
  const lattice = new Float32Array(width * width);
  rng.fillUniform(lattice);
  const left = new Int32Array(size);
  const ease = new Float32Array(size);
  for (let x = 0; x < size; x++) {
    const position = ((x + 0.5) / size) * n;
    const cell = floor(position);
    const t = position - cell;
    left[x] = cell;
    ease[x] = t * t * (3 - 2 * t);
  }
  const row = new Float32Array(width);
  for (let y = 0; y < size; y++) {
    const line = (left[y] ?? 0) * width;
    const ey = ease[y] ?? 0;
    for (let i = 0; i < width; i++) {
      const above = lattice[line + i] ?? 0;
      row[i] = above + ((lattice[line + width + i] ?? 0) - above) * ey;
    }
    for (let x = 0; x < size; x++) {
      const cell = left[x] ?? 0;
      const a = row[cell] ?? 0;
      const value = a + ((row[cell + 1] ?? 0) - a) * (ease[x] ?? 0);
      out[y * size + x] = (out[y * size + x] ?? 0) + strength * 2 * (value - 0.5);
    }
  }
}
