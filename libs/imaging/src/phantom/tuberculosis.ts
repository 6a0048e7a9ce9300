import { addAround, clearCanvas, softStroke, stroke, type StrokePoint } from './canvas';
import { distance, eitherSide, falloff, type Finding, type FindingContext, lungPoint } from './finding';
import { fractalNoise } from './fractal-noise';

const { PI, abs, atan2, max, min, round, sin } = Math;

/**
 * Signs of post-primary tuberculosis: patchy apical opacities, nodules, a thick-walled cavity, fibrous strands to the hilum;
 * sometimes a blunted costophrenic angle or miliary seeding. Upper zones first, one side or both.
 */
export const tuberculosis: Finding = (context) => {
  const { rng, severity } = context;
  const side = eitherSide(rng);
  const sides: readonly (-1 | 1)[] = rng.bernoulli(0.25 + 0.35 * severity) ? [side, side === 1 ? -1 : 1] : [side];
  const pattern = rng.uniform();
  if (pattern < 0.1) {
    miliary(context);
    return;
  }
  for (const where of sides) {
    const some = [
      rng.bernoulli(0.75) && (apicalOpacity(context, where), true),
      rng.bernoulli(0.55) && (nodules(context, where), true),
      rng.bernoulli(0.1 + 0.3 * severity) && (cavity(context, where), true),
      rng.bernoulli(0.3) && (strands(context, where), true),
    ];
    if (!some.includes(true)) apicalOpacity(context, where);
    if (rng.bernoulli(0.12)) bluntedAngle(context, where);
  }
};

function apicalOpacity(context: FindingContext, side: -1 | 1): void {
  const { rng, canvas, depth, severity } = context;
  const centre = lungPoint(context, side, rng.uniform(0.08, 0.34), rng.uniform(0.3, 0.75));
  const radius = rng.uniform(0.12, 0.18) + 0.16 * severity;
  const strength = 0.25 + 0.95 * severity * rng.uniform(0.7, 1.2);
  const texture = fractalNoise(rng, canvas.size, 14, 4, 0.7);
  addAround(canvas, centre.u, centre.v, radius, (u, v, pixel) => {
    const q = distance(u - centre.u, (v - centre.v) * 0.9) / radius;
    const patch = max(0, 0.65 + 1.5 * (texture[pixel] ?? 0));
    return strength * falloff(q) * patch * min(1, 2 * (depth[pixel] ?? 0));
  });
}

function nodules(context: FindingContext, side: -1 | 1): void {
  const { rng, canvas, depth, severity } = context;
  const count = 2 + rng.int(3 + round(8 * severity));
  for (let i = 0; i < count; i++) {
    const at = lungPoint(
      context,
      side,
      rng.uniform(0.05, 0.45) + (rng.bernoulli(0.2) ? 0.3 : 0),
      rng.uniform(0.15, 0.9),
    );
    const radius = rng.uniform(0.016, 0.034) + 0.02 * severity * rng.uniform();
    const strength = 0.22 + 0.6 * severity * rng.uniform(0.5, 1.3);
    addAround(canvas, at.u, at.v, radius, (u, v, pixel) => {
      const q = distance(u - at.u, v - at.v) / radius;
      return strength * falloff(q) * min(1, 3 * (depth[pixel] ?? 0));
    });
  }
}

function cavity(context: FindingContext, side: -1 | 1): void {
  const { rng, canvas, severity } = context;
  const at = lungPoint(context, side, rng.uniform(0.14, 0.36), rng.uniform(0.35, 0.72));
  const radius = rng.uniform(0.05, 0.075) + 0.05 * severity * rng.uniform();
  const wall = rng.uniform(0.3, 0.6);
  const strength = 0.22 + 0.35 * severity;
  const halo = rng.uniform(0.05, 0.3) * (0.4 + severity);
  const lobes = rng.uniform(0, 6);
  addAround(canvas, at.u, at.v, radius * 2, (u, v) => {
    const angle = atan2(v - at.v, u - at.u);
    const edge = radius * (1 + 0.12 * sin(2 * angle + lobes) + 0.07 * sin(3 * angle - lobes));
    const q = distance(u - at.u, v - at.v) / edge;
    const ring = falloff(abs(q - 1) / wall);
    return strength * ring + halo * falloff(q / 1.7) - (q < 1 ? (0.12 + halo) * (0.5 + severity) * (1 - q * q) : 0);
  });
}

function strands(context: FindingContext, side: -1 | 1): void {
  const { rng, canvas, scratch, severity } = context;
  clearCanvas(scratch);
  const count = 3 + rng.int(4);
  const from = lungPoint(context, side, rng.uniform(0.1, 0.25), rng.uniform(0.3, 0.6));
  for (let i = 0; i < count; i++) {
    const to = { u: side * rng.uniform(0.16, 0.24), v: rng.uniform(-0.25, -0.05) };
    const start = { u: from.u + rng.normal(0, 0.06), v: from.v + rng.normal(0, 0.06) };
    const bow = rng.normal(0, 0.04);
    const points: StrokePoint[] = Array.from({ length: 8 }, (_, k) => {
      const s = k / 7;
      return {
        u: start.u + (to.u - start.u) * s + bow * sin(PI * s),
        v: start.v + (to.v - start.v) * s,
        radius: 0.007 + 0.005 * severity,
        value: (0.12 + 0.2 * severity) * (1 - 0.5 * s),
      };
    });
    stroke(scratch, points, softStroke);
  }
  for (let i = 0; i < canvas.values.length; i++) canvas.values[i] = (canvas.values[i] ?? 0) + (scratch.values[i] ?? 0);
}

function miliary(context: FindingContext): void {
  const { rng, canvas, depth, severity } = context;
  const strength = 0.1 + 0.22 * severity;
  for (let i = 0; i < 260; i++) {
    const at = lungPoint(context, eitherSide(rng), rng.uniform(0.03, 0.97), rng.uniform(0.03, 0.97));
    const radius = rng.uniform(0.009, 0.016);
    const value = strength * rng.uniform(0.6, 1.2);
    addAround(canvas, at.u, at.v, radius, (u, v, pixel) => {
      return value * falloff(distance(u - at.u, v - at.v) / radius) * min(1, 2 * (depth[pixel] ?? 0));
    });
  }
}

function bluntedAngle(context: FindingContext, side: -1 | 1): void {
  const { rng, canvas, lungs, severity } = context;
  const height = 0.05 + 0.12 * severity * rng.uniform(0.4, 1);
  addAround(canvas, side * 0.62, 0.55, 0.45, (u, v) => {
    if (u * side <= 0) return 0;
    const edge = lungs.outer(side, v) - abs(u);
    const above = lungs.dome(side, u) - v;
    // Fluid climbs the chest wall.
    return edge > 0 && above > 0 && above < 0.3 ? 0.6 * falloff(max(0, above / height) * 0.5 + edge / 0.25) : 0;
  });
}
