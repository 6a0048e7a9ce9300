import { addEverywhere } from './canvas';
import { eitherSide, type Finding } from './finding';
import { rounded } from './lung-field';

const { abs, max, min, sin, sqrt } = Math;

/**
 * A pneumothorax of an upright patient: air between lung and chest wall, most at the apex. The lung's edge (the visceral
 * pleura) is a thin white line along the wall, and outside it no vessel and no texture is seen.
 */
export const pneumothorax: Finding = (context) => {
  const { rng, canvas, lungs, anatomy, markings, depth, severity } = context;
  const side = eitherSide(rng);
  // Gap between pleura and wall at the apex, body units; and how fast it closes towards the base.
  const gap = 0.06 + 0.28 * severity ** 1.2 + rng.uniform(0, 0.03);
  const reach = rng.uniform(0.45, 1) + 0.45 * severity;
  const line = 0.009;
  const lineStrength = 0.16 + 0.24 * rng.uniform() + 0.1 * severity;
  const collapse = 0.1 + 0.3 * severity;
  const wave = rng.uniform(0, 6);
  addEverywhere(canvas, (u, v, pixel) => {
    if (u * side <= 0) return 0;
    const d = depth[pixel] ?? 0;
    if (d === 0) return 0;
    const fall = (v - anatomy.apexV) / reach;
    if (fall > 1.25) return 0;
    const width = gap * max(0, 1 - fall * fall * 0.64) * (1 + 0.08 * sin(5 * v + wave));
    const lateral = lungs.outer(side, v) - abs(u);
    const apical = (v - anatomy.apexV) * 0.75;
    // Rounded where wall and apex meet, as a lung is.
    const inside = (lateral * apical) / sqrt(lateral * lateral + apical * apical + 1e-9) - width;
    if (width < 0.012) return 0;
    if (inside < 0) {
      markings[pixel] = (markings[pixel] ?? 1) * min(1, max(0, 1 + inside / 0.012));
      // No blood, no tissue: a shade darker than lung.
      return -(0.12 + 0.2 * severity) * d * rounded(-inside, 0.05);
    }
    const q = inside / line;
    // The lung holds less air: a shade denser, and its vessels crowd.
    return (q < 1 ? lineStrength * (1 - q) ** 0.5 : 0) + 0.35 * collapse * d;
  });
};
