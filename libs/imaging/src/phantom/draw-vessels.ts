import { type Rng } from '@fedistl/core';

import { type Acquisition, type Anatomy } from './anatomy';
import { type Canvas, clearCanvas, softStroke, stroke, type StrokePoint } from './canvas';
import { type Side } from './lung-field';

export interface Hila {
  /** Moves a lung root up: scarring of an upper lobe pulls it. Body units, for the left and right of the image. */
  readonly lift: readonly [left: number, right: number];
  /** 1: ordinary lung markings. */
  readonly prominence: number;
}

/**
 * Draws the lung's vessels, from the roots outwards, on `layer` (cleared first). Where there are none to see, the caller
 * masks the layer.
 */
export function drawVessels(layer: Canvas, anatomy: Anatomy, acquisition: Acquisition, hila: Hila, rng: Rng): void {
  clearCanvas(layer);
  for (const side of [-1, 1] as const) {
    const random = rng.stream(side === -1 ? 'left' : 'right');
    const lift = side === -1 ? hila.lift[0] : hila.lift[1];
    // The left root (image right) sits a little higher.
    const root = {
      u: side * (anatomy.mediastinumWidth + 0.075) + acquisition.turn,
      v: -0.1 - (side === 1 ? 0.04 : 0) - lift - 0.05 * acquisition.expiration,
    };
    stroke(
      layer,
      [
        { u: root.u - side * 0.03, v: root.v - 0.05, radius: 0.055, value: 0.7 },
        { u: root.u + side * 0.02, v: root.v + 0.1, radius: 0.04, value: 0.5 },
        { u: root.u + side * 0.04, v: root.v + 0.22, radius: 0.02, value: 0.25 },
      ],
      softStroke,
    );
    const trunks = 9;
    for (let i = 0; i < trunks; i++) {
      const direction = -1.35 + (2.75 * (i + random.uniform(-0.3, 0.3))) / (trunks - 1);
      branch(layer, random, side, {
        u: root.u,
        v: root.v + 0.12 * ((i / (trunks - 1)) * 2 - 0.7),
        direction,
        radius: 0.013 * random.uniform(0.6, 1.25),
        length: random.uniform(0.13, 0.26),
        value: 0.36 * random.uniform(0.6, 1.1) * hila.prominence,
        level: 0,
      });
    }
  }
}

interface Branch {
  readonly u: number;
  readonly v: number;
  /** Radians below the horizontal, going outwards. */
  readonly direction: number;
  readonly radius: number;
  readonly length: number;
  readonly value: number;
  readonly level: number;
}

const LEVELS = 5;

function branch(layer: Canvas, rng: Rng, side: Side, from: Branch): void {
  const points: StrokePoint[] = [];
  const bend = rng.uniform(-0.9, 0.9);
  let { u, v, direction } = from;
  const steps = 5;
  for (let i = 0; i <= steps; i++) {
    const s = i / steps;
    points.push({ u, v, radius: from.radius * (1 - 0.3 * s), value: from.value * (1 - 0.25 * s) });
    direction += bend / steps;
    u += (side * Math.cos(direction) * from.length) / steps;
    v += (Math.sin(direction) * from.length) / steps;
  }
  stroke(layer, points, softStroke);
  if (from.level + 1 >= LEVELS) return;
  for (const fork of [-1, 1]) {
    branch(layer, rng, side, {
      u,
      v,
      direction: direction + fork * rng.uniform(0.15, 0.75),
      radius: from.radius * rng.uniform(0.55, 0.75),
      length: from.length * rng.uniform(0.6, 0.9),
      value: from.value * 0.78,
      level: from.level + 1,
    });
  }
}
