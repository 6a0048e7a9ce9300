import { type Rng } from '@fedistl/core';

import { clamp } from './anatomy';
import { type SiteStyle } from './site-style';

const { ceil, exp, floor, log, max, min, sqrt } = Math;

/**
 * From attenuation to the picture that a scanner shows, 0 (black) to 1 (white): Beer-Lambert transmission, scatter, quantum
 * noise, logarithm, automatic window, sharpening, tone curve, collimation.
 *
 * @param attenuation [size, size] mean free paths; used up as scratch
 */
export function expose(attenuation: Float32Array, size: number, style: SiteStyle, rng: Rng): Float32Array {
  const scattered = addScatter(attenuation, size, clamp(style.scatter + rng.normal(0, 0.04), 0.02, 0.6));
  // Noise is of the film, not of the pixel: fewer, larger pixels average it out.
  const strength = style.noise * exp(rng.normal(0, 0.25)) * min(1.5, max(0.35, size / 256));
  const film = toFilm(scattered, strength, rng);
  const sharp = sharpen(film, size, style.sharpening);
  return develop(sharp, size, style, rng);
}

const BLOCK = 8;

/** Transmission plus a smooth share of it from the neighbourhood. */
function addScatter(attenuation: Float32Array, size: number, share: number): Float32Array {
  const n = ceil(size / BLOCK);
  const coarse = new Float32Array(n * n);
  const counts = new Float32Array(n * n);
  for (let y = 0; y < size; y++) {
    const line = floor(y / BLOCK) * n;
    for (let x = 0; x < size; x++) {
      const i = y * size + x;
      const transmitted = exp(-max(0, attenuation[i] ?? 0));
      attenuation[i] = transmitted;
      const cell = line + floor(x / BLOCK);
      // Bare detector would flood its surroundings; the grid and collimation see to it that it does not.
      coarse[cell] = (coarse[cell] ?? 0) + min(transmitted, 0.35);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
  }
  for (let i = 0; i < coarse.length; i++) coarse[i] = (coarse[i] ?? 0) / (counts[i] ?? 1);
  const smooth = blurCoarse(blurCoarse(coarse, n), n);
  for (let y = 0; y < size; y++) {
    const gy = clamp((y + 0.5) / BLOCK - 0.5, 0, n - 1);
    const y0 = floor(gy);
    const y1 = min(n - 1, y0 + 1);
    for (let x = 0; x < size; x++) {
      const gx = clamp((x + 0.5) / BLOCK - 0.5, 0, n - 1);
      const x0 = floor(gx);
      const x1 = min(n - 1, x0 + 1);
      const above = mix(smooth[y0 * n + x0] ?? 0, smooth[y0 * n + x1] ?? 0, gx - x0);
      const below = mix(smooth[y1 * n + x0] ?? 0, smooth[y1 * n + x1] ?? 0, gx - x0);
      const i = y * size + x;
      attenuation[i] = (1 - share) * (attenuation[i] ?? 0) + share * mix(above, below, gy - y0);
    }
  }
  return attenuation;
}

const mix = (a: number, b: number, t: number): number => a + (b - a) * t;

function blurCoarse(image: Float32Array, n: number): Float32Array {
  const out = new Float32Array(image.length);
  for (let y = 0; y < n; y++) {
    for (let x = 0; x < n; x++) {
      let sum = 0;
      let count = 0;
      for (let j = max(0, y - 1); j <= min(n - 1, y + 1); j++) {
        for (let i = max(0, x - 1); i <= min(n - 1, x + 1); i++) {
          sum += image[j * n + i] ?? 0;
          count++;
        }
      }
      out[y * n + x] = sum / count;
    }
  }
  return out;
}

/** Minus the logarithm of a noisy transmission. */
function toFilm(transmission: Float32Array, strength: number, rng: Rng): Float32Array {
  const words = new Uint32Array(transmission.length);
  rng.fillUint32(words);
  // Four bytes added up are near enough to a normal deviate, at a tenth of its cost; variance 4 * (256^2 - 1) / 12.
  const scale = 1 / sqrt((4 * 65_535) / 12);
  for (let i = 0; i < transmission.length; i++) {
    const word = words[i] ?? 0;
    const deviate = ((word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24) - 510) * scale;
    const t = transmission[i] ?? 0;
    transmission[i] = -log(max(1e-4, t + strength * sqrt(t * 0.1) * deviate));
  }
  return transmission;
}

function sharpen(film: Float32Array, size: number, amount: number): Float32Array {
  if (amount === 0) return film;
  const out = new Float32Array(film.length);
  for (let y = 0; y < size; y++) {
    const up = max(0, y - 1) * size;
    const line = y * size;
    const down = min(size - 1, y + 1) * size;
    for (let x = 0; x < size; x++) {
      const left = max(0, x - 1);
      const right = min(size - 1, x + 1);
      const centre = film[line + x] ?? 0;
      const around =
        ((film[up + x] ?? 0) + (film[down + x] ?? 0) + (film[line + left] ?? 0) + (film[line + right] ?? 0)) / 4;
      out[line + x] = centre + amount * (centre - around);
    }
  }
  return out;
}

/** Window from the film's own percentiles (as scanners do), then the maker's tone curve and the collimator's edges. */
function develop(film: Float32Array, size: number, style: SiteStyle, rng: Rng): Float32Array {
  const sample: number[] = [];
  const stride = max(1, floor(film.length / 2048));
  for (let i = 0; i < film.length; i += stride) sample.push(film[i] ?? 0);
  sample.sort((a, b) => a - b);
  const at = (q: number): number => sample[floor(q * (sample.length - 1))] ?? 0;
  // Never so high that the lungs go black, even when no air beside the body is on the film.
  const low = min(max(0.3, at(0.04) + rng.normal(style.windowShift, 0.1)), at(0.15) - 0.25);
  const high = at(style.whitePoint) + rng.normal(0.05, 0.15);
  const gamma = style.gamma * exp(rng.normal(0, 0.12));
  const steep = style.contrast * exp(rng.normal(0, 0.1));
  const frame = drawCollimation(style, rng);
  const range = max(0.4, high - low);
  const tones = toneCurve(gamma, steep);
  for (let y = 0; y < size; y++) {
    const fy = (y + 0.5) / size;
    const lit = fy >= frame.top && fy <= 1 - frame.bottom;
    for (let x = 0; x < size; x++) {
      const fx = (x + 0.5) / size;
      const i = y * size + x;
      const shown = ((film[i] ?? 0) - low) / range;
      const open = lit && fx >= frame.left && fx <= 1 - frame.right;
      film[i] = open ? interpolate(tones, shown) : style.borderLevel;
    }
  }
  return film;
}

const TONES = 512;

/** Power curve into a sigmoid, 0.02 to 0.96, at TONES + 1 levels. */
function toneCurve(gamma: number, steep: number): Float32Array {
  const bottom = 1 / (1 + exp(steep * 0.5));
  const top = 1 / (1 + exp(-steep * 0.5));
  return Float32Array.from({ length: TONES + 1 }, (_, i) => {
    const curve = 1 / (1 + exp(-steep * ((i / TONES) ** gamma - 0.5)));
    return 0.02 + (0.94 * (curve - bottom)) / (top - bottom);
  });
}

function interpolate(tones: Float32Array, shown: number): number {
  const position = clamp(shown, 0, 1) * TONES;
  const i = min(TONES - 1, floor(position));
  return mix(tones[i] ?? 0, tones[i + 1] ?? 0, position - i);
}

interface Collimation {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function drawCollimation(style: SiteStyle, rng: Rng): Collimation {
  const edge = (): number => (rng.bernoulli(style.collimation) ? rng.uniform(0.005, 0.05) : 0);
  return { left: edge(), right: edge(), top: edge(), bottom: edge() };
}
