import { type Rng } from '@fedistl/core';

import { type Acquisition, type Anatomy } from './anatomy';
import { addEverywhere, type Canvas } from './canvas';
import { lookUp, tabulate } from './lookup-table';
import { type LungField, rounded } from './lung-field';

const { abs, max, min, pow, sign, sin, sqrt } = Math;

/** What the beam meets in the middle of a torso, mean free paths, at thickness 1. */
const TORSO = 2.6;
/** What a full lung's depth of air takes away again. */
const LUNG = 1.85;

export interface SoftTissue {
  /** Share of full lung depth at each pixel, 0 outside the lungs: [size, size]. */
  readonly depth: Float32Array;
}

/** Torso with neck and shoulders, lungs, heart, great vessels, abdomen, breasts. */
export function drawSoftTissue(
  canvas: Canvas,
  anatomy: Anatomy,
  acquisition: Acquisition,
  lungs: LungField,
  rng: Rng,
): SoftTissue {
  const depth = new Float32Array(canvas.size * canvas.size);
  const torsoAt = createTorso(anatomy);
  const heart = createHeart(anatomy, acquisition);
  const knob = createAorticKnob(anatomy, acquisition);
  const vessels = createMediastinum(anatomy, acquisition);
  const breasts = createBreasts(anatomy, rng);
  const bubble = { u: rng.normal(0.36, 0.05), drop: rng.uniform(0.06, 0.1), radius: rng.uniform(0.07, 0.13) };
  const unevenLung = rng.normal(0, 0.045);
  addEverywhere(canvas, (u, v, pixel) => {
    const torso = torsoAt(u, v);
    if (torso === 0) return 0;
    const d = lungs.depth(u, v);
    depth[pixel] = d;
    let total = TORSO * anatomy.thickness * torso;
    // Bases have more blood and less air than apices.
    // The heart and the aorta lie where air would be: they replace it rather than add to what is there.
    const h = d > 0 ? heart(u, v) : 0;
    const k = d > 0 ? knob(u, v) : 0;
    const replaced = min(1, sqrt(h * h + k * k));
    total -= LUNG * d * (1 - 0.1 * (v + 0.2)) * (1 + sign(u) * unevenLung) * (1 - 0.9 * replaced);
    total += 0.16 * replaced + breasts(u, v);
    if (abs(u) < 0.4) total += vessels(u, v);
    const side = u < 0 ? -1 : 1;
    const below = v - lungs.dome(side, u);
    if (below > 0 && abs(u) < anatomy.cageWidth) {
      total += (side === -1 ? 0.4 : 0.28) * rounded(below, 0.25);
      if (side === 1 && anatomy.gastricBubble > 0) {
        const q = ((u - bubble.u) / bubble.radius) ** 2 + ((below - bubble.drop) / (0.6 * bubble.radius)) ** 2;
        if (q < 1) total -= 0.9 * anatomy.gastricBubble * sqrt(1 - q);
      }
    }
    return total;
  });
  return { depth };
}

/** Depth of the torso along the beam, 1 in the middle of the chest, 0 beside the body. */
function createTorso(anatomy: Anatomy): Density {
  const widths = tabulate((v) => torsoWidth(anatomy, v));
  // Neck and shoulders are less deep than the chest.
  const depths = tabulate((v) => (v < -0.6 ? 0.62 + 0.38 * max(0, 1 - (-0.6 - v) / 0.5) : 1));
  // Flatter than an ellipse: a chest is a rounded box.
  const profile = tabulate((across) => pow(1 - min(1, abs(across)) ** 3.2, 0.55));
  return (u, v) => {
    const width = lookUp(widths, v);
    return abs(u) < width ? lookUp(profile, u / width) * lookUp(depths, v) : 0;
  };
}

function torsoWidth(anatomy: Anatomy, v: number): number {
  const neck = 0.24;
  const shoulders = 1.2;
  if (v < -0.98) return neck;
  if (v < -0.62) return neck + (shoulders - neck) * pow((v + 0.98) / 0.36, 0.75);
  return max(anatomy.bodyWidth, shoulders - (v + 0.62) * 1.5);
}

type Density = (u: number, v: number) => number;

function createHeart(anatomy: Anatomy, acquisition: Acquisition): Density {
  const { heart } = anatomy;
  const flat = acquisition.expiration;
  const u0 = heart.u + acquisition.turn;
  const v0 = heart.v - 0.1 * flat;
  const width = heart.width * (1 + 0.13 * flat);
  const height = heart.height * (1 - 0.08 * flat);
  const cos = Math.cos(heart.tilt);
  const sin = Math.sin(heart.tilt);
  return (u, v) => {
    if (u < -0.4 || u > 0.7 || v < -0.5) return 0;
    const du = u - u0;
    const dv = v - v0;
    const left = ellipsoid((du * cos + dv * sin) / width, (dv * cos - du * sin) / height);
    const atrium = ellipsoid((u - u0 + 0.16) / 0.17, (dv + 0.02) / 0.26);
    // The pulmonary trunk fills the waist between aorta and left ventricle.
    const trunk = ellipsoid((u - u0 + 0.03) / 0.15, (dv + 0.34) / 0.3);
    return min(1, sqrt(left * left + 0.72 * atrium * atrium + 0.56 * trunk * trunk));
  };
}

function createMediastinum(anatomy: Anatomy, acquisition: Acquisition): Density {
  const { mediastinumWidth: width, scoliosis } = anatomy;
  const { turn } = acquisition;
  return (u, v) => {
    const bend = scoliosis * sin(3 * v);
    let total = 0;
    const q = (u - 0.25 * turn) / width;
    if (v > -1) total += 0.3 * sqrt(max(0, 1 - q * q)) * (v < -0.75 ? max(0.3, 1 + (v + 0.75) * 2) : 1);
    // Descending aorta, seen through the heart's left edge.
    if (v > -0.33 && v < 0.7) {
      const a = (u - width * 0.72 - bend - turn * 0.6) / 0.065;
      total += 0.2 * sqrt(max(0, 1 - a * a));
    }
    // The windpipe is air: a dark band that forks at the carina.
    if (v < -0.18) {
      const t = (u - 0.008 - 0.6 * turn) / 0.042;
      total -= 0.62 * sqrt(max(0, 1 - t * t)) * min(1, (-0.18 - v) / 0.05);
    } else if (v < 0) {
      const spread = (v + 0.18) * 0.85;
      for (const side of [-1, 1]) {
        const t = (u - 0.008 - 0.6 * turn - side * (0.02 + spread)) / 0.028;
        total -= 0.35 * sqrt(max(0, 1 - t * t)) * (1 - (v + 0.18) / 0.18);
      }
    }
    return total;
  };
}

function createAorticKnob(anatomy: Anatomy, acquisition: Acquisition): Density {
  const { mediastinumWidth, aorticKnob: radius } = anatomy;
  const u0 = mediastinumWidth * 0.75 + acquisition.turn;
  return (u, v) => 0.7 * ellipsoid((u - u0) / radius, (v + 0.33) / (radius * 1.25));
}

function createBreasts(anatomy: Anatomy, rng: Rng): Density {
  const { breast } = anatomy;
  if (breast === 0) return () => 0;
  const u0 = rng.normal(0.42, 0.04);
  const v0 = rng.normal(0.3, 0.07);
  const radius = 0.22 + 0.1 * breast;
  return (u, v) => {
    const q = ((abs(u) - u0) / radius) ** 2 + ((v - v0) / (radius * 1.1)) ** 2;
    return q < 1 ? 0.5 * breast * pow(1 - q, 0.5) * (v > v0 ? 1 : 0.35 + (0.65 * (v - v0 + radius)) / radius) : 0;
  };
}

function ellipsoid(x: number, y: number): number {
  const q = x * x + y * y;
  return q < 1 ? sqrt(1 - q) : 0;
}
