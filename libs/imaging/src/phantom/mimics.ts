import { addAround, addEverywhere, clearCanvas, softStroke, stroke, type StrokePoint } from './canvas';
import { distance, eitherSide, falloff, type Finding, type FindingContext, lungPoint } from './finding';

const { PI, abs, max, sin } = Math;

/**
 * What normal radiographs have that looks like disease: a calcified granuloma, a thin apical cap, nipple shadows, a skin fold,
 * tubes and wires, haze of a poor exposure. Each with its own chance, on healthy and ill alike, so that none of
 * them gives a label away.
 */
export const mimics: Finding = (context) => {
  const { rng } = context;
  if (rng.bernoulli(0.16)) granuloma(context);
  if (rng.bernoulli(0.2)) apicalCap(context);
  if (rng.bernoulli(0.2)) nipples(context);
  if (rng.bernoulli(0.16)) skinFold(context);
  if (rng.bernoulli(0.22)) wires(context);
  if (rng.bernoulli(0.25)) haze(context);
};

function granuloma(context: FindingContext): void {
  const { rng, canvas, depth } = context;
  const count = 1 + rng.int(2);
  for (let i = 0; i < count; i++) {
    const at = lungPoint(context, eitherSide(rng), rng.uniform(0.1, 0.9), rng.uniform(0.15, 0.9));
    const radius = rng.uniform(0.012, 0.028);
    const strength = rng.uniform(0.3, 0.8);
    addAround(canvas, at.u, at.v, radius, (u, v, pixel) =>
      (depth[pixel] ?? 0) > 0 ? strength * falloff(distance(u - at.u, v - at.v) / radius) : 0,
    );
  }
}

function apicalCap(context: FindingContext): void {
  const { rng, canvas, anatomy, depth } = context;
  const strength = rng.uniform(0.1, 0.3);
  const thickness = rng.uniform(0.03, 0.07);
  for (const side of [-1, 1]) {
    addAround(canvas, side * 0.29, anatomy.apexV, 0.25, (_u, v, pixel) =>
      (depth[pixel] ?? 0) > 0 ? strength * falloff(max(0, v - anatomy.apexV) / (2 * thickness)) : 0,
    );
  }
}

function nipples(context: FindingContext): void {
  const { rng, canvas } = context;
  const u0 = rng.normal(0.45, 0.04);
  const v0 = rng.normal(0.36, 0.06);
  const strength = rng.uniform(0.12, 0.32);
  for (const side of [-1, 1]) {
    const at = { u: side * u0 + rng.normal(0, 0.02), v: v0 + rng.normal(0, 0.02) };
    const radius = rng.uniform(0.022, 0.036);
    addAround(canvas, at.u, at.v, radius, (u, v) => strength * falloff(distance(u - at.u, v - at.v) / radius));
  }
}

/** A fold of skin makes an edge like a pleural line, but the lung goes on beyond it. */
function skinFold(context: FindingContext): void {
  const { rng, canvas, lungs } = context;
  const side = eitherSide(rng);
  const inset = rng.uniform(0.06, 0.22);
  const slope = rng.normal(0, 0.15);
  const top = rng.uniform(-0.65, -0.3);
  const length = rng.uniform(0.5, 1);
  const strength = rng.uniform(0.1, 0.26);
  addEverywhere(canvas, (u, v) => {
    const t = (v - top) / length;
    if (u * side <= 0 || t < 0 || t > 1) return 0;
    const inwards = lungs.outer(side, max(v, -0.4)) - inset + slope * (v - top) - abs(u);
    // Sharp on the outside, fading inwards: an edge, not a line.
    return inwards > 0 && inwards < 0.12 ? strength * (1 - inwards / 0.12) * sin(PI * t) ** 0.5 : 0;
  });
}

function wires(context: FindingContext): void {
  const { rng, canvas, scratch } = context;
  clearCanvas(scratch);
  const count = 1 + rng.int(3);
  for (let i = 0; i < count; i++) {
    const from = { u: rng.uniform(-0.9, 0.9), v: -1.05 };
    const to = { u: rng.uniform(-0.7, 0.7), v: rng.uniform(-0.3, 0.9) };
    const bow = rng.normal(0, 0.2);
    const points: StrokePoint[] = Array.from({ length: 14 }, (_, k) => {
      const s = k / 13;
      return {
        u: from.u + (to.u - from.u) * s + bow * sin(PI * s),
        v: from.v + (to.v - from.v) * s,
        radius: 0.007,
        value: 0.5,
      };
    });
    stroke(scratch, points, softStroke);
    if (rng.bernoulli(0.6)) {
      stroke(
        scratch,
        [
          { ...to, radius: 0.028, value: 0.6 },
          { u: to.u + 0.001, v: to.v, radius: 0.028, value: 0.6 },
        ],
        (q) => (q > 0.5 ? 1 : 0.45),
      );
    }
  }
  for (let i = 0; i < canvas.values.length; i++) canvas.values[i] = (canvas.values[i] ?? 0) + (scratch.values[i] ?? 0);
}

/** A soft veil over one zone of both lungs: an uneven grid, clothing, a thick back. */
function haze(context: FindingContext): void {
  const { rng, canvas } = context;
  const at = { u: rng.normal(0, 0.3), v: rng.uniform(-0.5, 0.6) };
  const radius = rng.uniform(0.5, 1);
  const strength = rng.uniform(0.06, 0.22);
  addAround(canvas, at.u, at.v, radius, (u, v) => strength * falloff(distance(u - at.u, v - at.v) / radius));
}
