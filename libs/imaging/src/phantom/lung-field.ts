import { type Acquisition, type Anatomy } from './anatomy';
import { lookUp, tabulate } from './lookup-table';

const { abs, pow, sqrt } = Math;

/** -1: at the image's left (the patient's right lung); 1: at the image's right. */
export type Side = -1 | 1;

/**
 * Outlines of the two lungs as functions of body coordinates, from tables so that every pixel can ask.
 * Distances are in body units and positive inside.
 */
export class LungField {
  readonly #outer: readonly [Float32Array, Float32Array];
  readonly #inner: readonly [Float32Array, Float32Array];
  readonly #dome: readonly [Float32Array, Float32Array];

  constructor(anatomy: Anatomy, acquisition: Acquisition) {
    const both = (of: (side: Side, position: number) => number): readonly [Float32Array, Float32Array] => [
      tabulate((p) => of(-1, p)),
      tabulate((p) => of(1, p)),
    ];
    this.#outer = both((side, v) => outerWall(anatomy, acquisition, side, v));
    this.#inner = both((side, v) => innerWall(anatomy, acquisition, side, v));
    this.#dome = both((side, u) => dome(anatomy, acquisition, side, u));
  }

  /** |u| of the chest wall at height v. */
  outer(side: Side, v: number): number {
    return lookUp(side === -1 ? this.#outer[0] : this.#outer[1], v);
  }

  /** |u| of the lung's border with the mediastinum at height v. */
  inner(side: Side, v: number): number {
    return lookUp(side === -1 ? this.#inner[0] : this.#inner[1], v);
  }

  /** v of the diaphragm at u. */
  dome(side: Side, u: number): number {
    return lookUp(side === -1 ? this.#dome[0] : this.#dome[1], u);
  }

  /** Share of the lung's full depth that the beam crosses at (u, v): 0 outside, towards 1 in the middle. */
  depth(u: number, v: number): number {
    const side: Side = u < 0 ? -1 : 1;
    const a = abs(u);
    const outside = this.outer(side, v) - a;
    if (outside <= 0) return 0;
    const inside = a - this.inner(side, v);
    if (inside <= 0) return 0;
    const above = this.dome(side, u) - v;
    if (above <= 0) return 0;
    return rounded(outside, 0.3) * rounded(inside, 0.07) * rounded(above, 0.07);
  }
}

/** Depth profile of a rounded edge: 0 at the edge, 1 from `width` inwards, a quarter circle between. */
export function rounded(distance: number, width: number): number {
  if (distance >= width) return 1;
  if (distance <= 0) return 0;
  const t = 1 - distance / width;
  return sqrt(1 - t * t);
}

const APEX_U = 0.29;

function outerWall(anatomy: Anatomy, acquisition: Acquisition, side: Side, v: number): number {
  const top = anatomy.apexV;
  const t = (v - top) / (0.72 - top);
  if (t <= 0) return 0;
  const width = anatomy.cageWidth * (1 - 0.03 * acquisition.expiration) - 0.025 - side * acquisition.turn * 0.5;
  const widest = 0.68;
  const rise = t < widest ? pow(1 - pow(1 - t / widest, 2.3), 0.62) : 1 - 0.1 * ((t - widest) / 0.32) ** 2;
  return APEX_U + (width - APEX_U) * rise;
}

function innerWall(anatomy: Anatomy, acquisition: Acquisition, side: Side, v: number): number {
  const t = v - anatomy.apexV;
  if (t <= 0) return APEX_U;
  const wall = anatomy.mediastinumWidth - side * acquisition.turn;
  return wall + (APEX_U - wall) * (1 - rounded(t, 0.2));
}

function dome(anatomy: Anatomy, acquisition: Acquisition, side: Side, u: number): number {
  // The liver holds the right dome (image left) higher.
  const base = 0.74 - 0.2 * acquisition.expiration + (side === -1 ? -0.035 : 0.02);
  const across = (abs(u) - 0.3) / (anatomy.cageWidth - 0.28);
  return base - 0.2 * (1 - across * across);
}
