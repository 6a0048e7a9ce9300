/** What a stress test does to an image. */
export const STRESS_KINDS = [
  'noise',
  'blur',
  'gamma',
  'contrast',
  'rotation',
  'shift',
  'jpeg',
  'resolution',
  'marker',
  'occlusion',
] as const;

export type StressKind = (typeof STRESS_KINDS)[number];

/** 0 leaves the image as it is; 5 is beyond what a radiographer would let pass. */
export type StressGrade = 0 | 1 | 2 | 3 | 4 | 5;

export const STRESS_GRADES: readonly StressGrade[] = [1, 2, 3, 4, 5];

export interface StressDescription {
  /** For tables and figures. */
  readonly title: string;
  /** What the strength measures. */
  readonly strength: string;
  /** Strength of grades 0 to 5. The first one changes nothing. */
  readonly strengths: readonly [number, number, number, number, number, number];
}

/**
 * Strengths by grade. Lengths are shares of the image's side and levels shares of the grey range, so that a grade means the
 * same at any resolution. The steps follow the idea of ImageNet-C (Hendrycks and Dietterich, arXiv 1903.12261): five grades
 * from barely seen to severe; the values are this project's own.
 */
export const STRESSES: Readonly<Record<StressKind, StressDescription>> = {
  noise: {
    title: 'Gaussian noise',
    strength: 'standard deviation, share of the grey range',
    strengths: [0, 0.02, 0.04, 0.08, 0.12, 0.18],
  },
  blur: {
    title: 'Gaussian blur',
    strength: 'standard deviation, share of the side',
    strengths: [0, 0.004, 0.008, 0.012, 0.018, 0.026],
  },
  gamma: {
    title: 'Gamma',
    strength: 'exponent, or its inverse: darker in one half of the images, brighter in the other',
    strengths: [1, 1.15, 1.3, 1.5, 1.8, 2.2],
  },
  contrast: {
    title: 'Lower contrast',
    strength: "factor of the distance to the image's mean level",
    strengths: [1, 0.85, 0.7, 0.55, 0.4, 0.28],
  },
  rotation: { title: 'Rotation', strength: 'degrees, to either side', strengths: [0, 3, 6, 10, 15, 20] },
  shift: {
    title: 'Shift',
    strength: 'distance in any direction, share of the side',
    strengths: [0, 0.02, 0.05, 0.08, 0.12, 0.16],
  },
  jpeg: { title: 'JPEG compression', strength: 'quality', strengths: [100, 60, 40, 25, 15, 8] },
  resolution: {
    title: 'Lower resolution',
    strength: 'side of the reduced image, share of the side',
    strengths: [1, 0.667, 0.5, 0.333, 0.25, 0.167],
  },
  marker: {
    title: 'Burnt-in marker',
    strength: 'height of a white letter in an upper corner, share of the side',
    strengths: [0, 0.06, 0.09, 0.12, 0.16, 0.2],
  },
  occlusion: {
    title: 'Partial occlusion',
    strength: 'area of a black rectangle, share of the image',
    strengths: [0, 0.02, 0.05, 0.1, 0.15, 0.25],
  },
};

/** Strength of a grade. */
export function stressStrength(kind: StressKind, grade: StressGrade): number {
  return STRESSES[kind].strengths[grade];
}
