import { type Rng } from '@fedistl/core';

const { abs, max, min, round } = Math;

/** A patient's thorax in body units (the image is 2 units wide). What stays the same from one radiograph to the next. */
export interface Anatomy {
  readonly sex: 'F' | 'M';
  readonly ageYears: number;
  /** Half width of the torso. */
  readonly bodyWidth: number;
  /** Mean free paths of soft tissue front to back: 1 is a slim adult, 1.7 an obese one. */
  readonly thickness: number;
  /** Largest half width of the rib cage. */
  readonly cageWidth: number;
  readonly apexV: number;
  /** Where ribs start on the spine, and the distance to the next. */
  readonly firstRibV: number;
  readonly ribSpacing: number;
  readonly ribDrop: number;
  readonly boneDensity: number;
  readonly heart: {
    readonly u: number;
    readonly v: number;
    readonly width: number;
    readonly height: number;
    readonly tilt: number;
  };
  readonly aorticKnob: number;
  readonly mediastinumWidth: number;
  readonly breast: number;
  readonly scoliosis: number;
  readonly clavicleV: number;
  /** Stomach bubble under the left dome, 0 for none. */
  readonly gastricBubble: number;
}

export function drawAnatomy(rng: Rng): Anatomy {
  const sex = rng.bernoulli(0.47) ? 'F' : 'M';
  const ageYears = round(min(92, max(18, rng.normal(52, 18))));
  const habitus = clamp(rng.normal(0, 1), -2, 2.5);
  const cageWidth = clamp(rng.normal(0.79, 0.035) + 0.015 * habitus, 0.68, 0.9);
  return {
    sex,
    ageYears,
    cageWidth,
    bodyWidth: cageWidth + 0.1 + 0.04 * max(0, habitus + 1),
    thickness: 1.12 + 0.16 * habitus * (habitus > 0 ? 1 : 0.5),
    apexV: rng.normal(-0.74, 0.025),
    firstRibV: rng.normal(-0.72, 0.03),
    ribSpacing: rng.normal(0.148, 0.008),
    ribDrop: rng.normal(0.15, 0.035),
    boneDensity: clamp(rng.normal(1.05, 0.15) - 0.004 * (ageYears - 50), 0.55, 1.5),
    heart: {
      u: rng.normal(0.11, 0.02),
      v: rng.normal(0.3, 0.025),
      width: rng.normal(0.33, 0.028) + 0.0006 * (ageYears - 50),
      height: rng.normal(0.25, 0.02),
      tilt: rng.normal(0.5, 0.12),
    },
    aorticKnob: clamp(rng.normal(0.085, 0.015) + 0.0004 * (ageYears - 50), 0.05, 0.14),
    mediastinumWidth: clamp(rng.normal(0.125, 0.014), 0.09, 0.18),
    breast: sex === 'F' ? rng.uniform(0.15, 1) : rng.bernoulli(0.15) ? rng.uniform(0.05, 0.3) : 0,
    scoliosis: rng.normal(0, 0.012),
    clavicleV: rng.normal(-0.66, 0.03),
    gastricBubble: rng.bernoulli(0.6) ? rng.uniform(0.4, 1) : 0,
  };
}

/** How the patient stood and breathed for one radiograph. */
export interface Acquisition {
  /** Diaphragm height: 0 a full breath, 1 a shallow one (bases crowded, heart wide and flat). */
  readonly expiration: number;
  /** Turn about the body's axis: shifts the heart and the mediastinum, makes one lung wider and one clavicle longer. */
  readonly turn: number;
  readonly angle: number;
  readonly scale: number;
  readonly shiftU: number;
  readonly shiftV: number;
}

export function drawAcquisition(rng: Rng): Acquisition {
  return {
    expiration: clamp(abs(rng.normal(0, 0.38)), 0, 1),
    turn: clamp(rng.normal(0, 0.03), -0.08, 0.08),
    angle: clamp(rng.normal(0, 0.035), -0.09, 0.09),
    scale: clamp(rng.normal(1, 0.055), 0.84, 1.14),
    shiftU: clamp(rng.normal(0, 0.035), -0.09, 0.09),
    shiftV: clamp(rng.normal(0.02, 0.04), -0.09, 0.11),
  };
}

export function clamp(value: number, low: number, high: number): number {
  return min(high, max(low, value));
}
