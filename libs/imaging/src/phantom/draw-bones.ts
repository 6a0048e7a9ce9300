import { type Rng } from '@fedistl/core';

import { type Acquisition, type Anatomy } from './anatomy';
import { addEverywhere, type Canvas, clearCanvas, softStroke, stroke, type StrokePoint, tubeStroke } from './canvas';
import { type LungField, type Side } from './lung-field';

const { PI, abs, floor, max, min, pow, round, sin } = Math;

const POSTERIOR_RIBS = 10;
const ANTERIOR_RIBS = 7;

/** Ribs, clavicles, shoulder blades and spine. `scratch` has the size and pose of `canvas`. */
export function drawBones(
  canvas: Canvas,
  scratch: Canvas,
  anatomy: Anatomy,
  acquisition: Acquisition,
  lungs: LungField,
  rng: Rng,
): void {
  const layer = (draw: (side: Side) => void): void => {
    clearCanvas(scratch);
    draw(-1);
    draw(1);
    for (let i = 0; i < canvas.values.length; i++)
      canvas.values[i] = (canvas.values[i] ?? 0) + (scratch.values[i] ?? 0);
  };
  const wobble = rng.stream('ribs');
  layer((side) => {
    for (let k = 0; k < POSTERIOR_RIBS; k++) posteriorRib(scratch, anatomy, lungs, side, k, wobble);
  });
  layer((side) => {
    for (let k = 1; k <= ANTERIOR_RIBS; k++) anteriorRib(scratch, anatomy, lungs, side, k, wobble);
  });
  const shoulder = rng.stream('shoulders');
  const lift = shoulder.normal(0, 0.03);
  const protraction = shoulder.uniform(0, 1);
  layer((side) => {
    clavicle(scratch, anatomy, acquisition, side, lift);
  });
  layer((side) => {
    scapula(scratch, anatomy, side, lift, protraction);
  });
  spine(canvas, anatomy);
}

function posteriorRib(canvas: Canvas, anatomy: Anatomy, lungs: LungField, side: Side, k: number, rng: Rng): void {
  const v0 = anatomy.firstRibV + k * anatomy.ribSpacing + rng.normal(0, 0.004);
  const drop = anatomy.ribDrop * (0.6 + 0.07 * k);
  const wall = max(0.3, lungs.outer(side, min(0.68, v0 + drop * 0.7))) + 0.015;
  const density = 0.38 * anatomy.boneDensity * (1 - 0.03 * k);
  const radius = 0.031 - (k === 0 ? 0.004 : 0);
  const points: StrokePoint[] = [];
  for (let i = 0; i <= 22; i++) {
    const s = i / 22;
    const u = 0.055 + (wall - 0.055) * sin((s * PI) / 2) ** 0.9;
    const v = v0 - 0.045 * sin(PI * min(1, s * 1.3)) + drop * s * s * 1.15;
    points.push({ u: side * u, v, radius: radius * (1 - 0.15 * s), value: density * (0.8 + 0.45 * s ** 3) });
  }
  stroke(canvas, points, tubeStroke);
}

function anteriorRib(canvas: Canvas, anatomy: Anatomy, lungs: LungField, side: Side, k: number, rng: Rng): void {
  const v0 = anatomy.firstRibV + k * anatomy.ribSpacing * 0.98 + anatomy.ribDrop * 0.85 + rng.normal(0, 0.005);
  if (v0 > 0.6) return;
  const wall = max(0.28, lungs.outer(side, v0)) + 0.01;
  const end = 0.24 + 0.035 * k + rng.normal(0, 0.008);
  const density = 0.24 * anatomy.boneDensity;
  const points: StrokePoint[] = [];
  for (let i = 0; i <= 16; i++) {
    const s = i / 16;
    const u = wall + (min(end, wall - 0.05) - wall) * s;
    const v = v0 + (0.16 + 0.022 * k) * pow(s, 0.75);
    points.push({ u: side * u, v, radius: 0.03 + 0.006 * s, value: density * (1 - 0.25 * s) });
  }
  stroke(canvas, points, tubeStroke);
}

function clavicle(canvas: Canvas, anatomy: Anatomy, acquisition: Acquisition, side: Side, lift: number): void {
  const points: StrokePoint[] = [];
  const inner = 0.075 - side * acquisition.turn;
  for (let i = 0; i <= 18; i++) {
    const s = i / 18;
    const u = inner + (0.78 - inner) * s;
    const v = anatomy.clavicleV + 0.06 - (0.13 + lift) * s + 0.035 * sin(2 * PI * s);
    const end = s < 0.15 ? 1 + (0.15 - s) * 3 : 1;
    points.push({ u: side * u, v, radius: 0.033 * end, value: 0.52 * anatomy.boneDensity });
  }
  stroke(canvas, points, tubeStroke);
}

function scapula(canvas: Canvas, anatomy: Anatomy, side: Side, lift: number, protraction: number): void {
  // Arms turned forward bring the blade out of the lung; when they are not, its inner border crosses the field.
  const inner = anatomy.cageWidth - 0.2 + 0.2 * protraction;
  const density = 0.2 * anatomy.boneDensity;
  const corner = (u: number, v: number, value: number): StrokePoint => ({
    u: side * u,
    v: v - lift,
    radius: 0.1,
    value,
  });
  stroke(
    canvas,
    [corner(inner + 0.1, -0.5, density), corner(inner + 0.16, -0.25, density), corner(inner + 0.17, 0, density * 0.7)],
    (q) => 1 - q ** 6,
  );
  stroke(
    canvas,
    [
      { ...corner(inner + 0.1, -0.54, density * 1.6), radius: 0.03 },
      { ...corner(inner + 0.32, -0.66, density * 2.2), radius: 0.045 },
      { ...corner(inner + 0.42, -0.68, density * 2.6), radius: 0.07 },
    ],
    softStroke,
  );
}

function spine(canvas: Canvas, anatomy: Anatomy): void {
  const { scoliosis, boneDensity } = anatomy;
  addEverywhere(canvas, (u, v) => {
    const q = abs(u - scoliosis * sin(3 * v)) / 0.082;
    if (q >= 1) return 0;
    const along = (v + 2) / 0.125;
    const disc = abs(along - round(along)) < 0.09 ? 0.62 : 1;
    const pedicle = q > 0.55 && q < 0.85 && abs(along - floor(along) - 0.5) < 0.16 ? 0.12 : 0;
    return boneDensity * ((q > 0.8 ? 0.26 * (1 - (q - 0.8) / 0.2) : 0.24) * disc + pedicle);
  });
}
