import { addAround } from './canvas';
import { distance, falloff, type Finding, lungPoint } from './finding';
import { fractalNoise } from './fractal-noise';

const { max, min, round } = Math;

/**
 * Bilateral ground-glass opacities as of a viral pneumonia (COVID-19): hazy, ill-defined patches, mostly at the periphery and
 * in the lower zones of both lungs, through which vessels stay visible.
 */
export const groundGlass: Finding = ({ rng, canvas, depth, severity, ...rest }) => {
  const context = { rng, canvas, depth, severity, ...rest };
  const texture = fractalNoise(rng, canvas.size, 10, 4, 0.65);
  for (const side of [-1, 1] as const) {
    const count = 2 + rng.int(2 + round(4 * severity));
    for (let i = 0; i < count; i++) {
      const height = rng.bernoulli(0.75) ? rng.uniform(0.5, 0.95) : rng.uniform(0.2, 0.55);
      const at = lungPoint(context, side, height, rng.bernoulli(0.75) ? rng.uniform(0.55, 1) : rng.uniform(0.2, 0.6));
      const radius = rng.uniform(0.12, 0.2) + 0.13 * severity * rng.uniform();
      const strength = (0.2 + 0.85 * severity) * rng.uniform(0.6, 1.2);
      const squeeze = rng.uniform(0.75, 1.3);
      addAround(canvas, at.u, at.v, radius * 1.35, (u, v, pixel) => {
        const q = distance((u - at.u) * squeeze, (v - at.v) / squeeze) / radius;
        const haze = max(0, 0.8 + 0.9 * (texture[pixel] ?? 0));
        return strength * falloff(q) * haze * min(1, 1.6 * (depth[pixel] ?? 0));
      });
    }
  }
};
