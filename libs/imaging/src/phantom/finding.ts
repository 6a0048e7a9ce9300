import { type Rng } from '@fedistl/core';

import { type Anatomy } from './anatomy';
import { type Canvas } from './canvas';
import { type LungField } from './lung-field';

const { sqrt } = Math;

/** What a disease, or something that looks like one, may change on the way to the picture. */
export interface FindingContext {
  /** Attenuation; findings add to it. */
  readonly canvas: Canvas;
  /** Clear canvas of the same size and pose, for strokes. */
  readonly scratch: Canvas;
  readonly lungs: LungField;
  readonly anatomy: Anatomy;
  /** Share of full lung depth at each pixel: [size, size]. */
  readonly depth: Float32Array;
  /** Factor on vessels and lung texture at each pixel, 1 to begin with: [size, size]. */
  readonly markings: Float32Array;
  readonly rng: Rng;
  /** 0: barely to be seen, 1: plain. */
  readonly severity: number;
}

export type Finding = (context: FindingContext) => void;

/** A place inside a lung: `height` 0 at the apex to 1 at the base, `across` 0 at the mediastinum to 1 at the chest wall. */
export function lungPoint(
  context: FindingContext,
  side: -1 | 1,
  height: number,
  across: number,
): { readonly u: number; readonly v: number } {
  const { lungs, anatomy } = context;
  const base = lungs.dome(side, side * 0.45);
  const v = anatomy.apexV + height * (base - anatomy.apexV);
  const inner = lungs.inner(side, v);
  const outer = lungs.outer(side, v);
  return { u: side * (inner + across * (outer - inner)), v };
}

export const eitherSide = (rng: Rng): -1 | 1 => (rng.bernoulli(0.5) ? 1 : -1);

/** Smooth 1 to 0 between distances 0 and 1. */
export function falloff(q: number): number {
  if (q >= 1) return 0;
  return (1 - q * q) * (1 - q * q);
}

/** Length of (x, y). `Math.hypot` guards against overflow, which is slow and not needed here. */
export function distance(x: number, y: number): number {
  return sqrt(x * x + y * y);
}
