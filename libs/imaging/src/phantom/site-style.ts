import { createRng } from '@fedistl/core';

/** How one hospital's scanner and its settings make radiographs look. The same for all its images. */
export interface SiteStyle {
  /** Share of the detector's signal that is scatter. */
  readonly scatter: number;
  /** Quantum noise, relative. */
  readonly noise: number;
  readonly sharpening: number;
  /** Tone curve: power and steepness. */
  readonly gamma: number;
  readonly contrast: number;
  readonly windowShift: number;
  /** Share of the film below the level shown white. */
  readonly whitePoint: number;
  /** Chance that a side shows the collimator's edge, and its grey level. */
  readonly collimation: number;
  readonly borderLevel: number;
  /** Whether the scanner stores inverted values (MONOCHROME1), and with how many bits. */
  readonly inverted: boolean;
  readonly bitsStored: 10 | 12 | 14;
}

/** The style of site number `site` (0-based) under `seed`. */
export function siteStyle(seed: number | string, site: number): SiteStyle {
  const rng = createRng(seed).stream(`phantom/site/${site}`);
  return {
    scatter: rng.uniform(0.15, 0.4),
    noise: rng.uniform(0.02, 0.06),
    sharpening: rng.bernoulli(0.6) ? rng.uniform(0.2, 0.9) : 0,
    gamma: rng.uniform(0.8, 1.3),
    contrast: rng.uniform(2, 4.5),
    windowShift: rng.uniform(-0.12, 0.15),
    whitePoint: rng.uniform(0.93, 0.995),
    collimation: rng.uniform(0.05, 0.6),
    borderLevel: rng.bernoulli(0.8) ? 0 : 1,
    // Every third site stores the negative, so that a set of three exercises both.
    inverted: site % 3 === 1,
    bitsStored: ([12, 14, 10] as const)[site % 3] ?? 12,
  };
}
