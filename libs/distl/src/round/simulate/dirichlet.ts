import { type Rng } from '@fedistl/core';

/** A draw from the Gamma distribution of shape `shape` and scale 1 (Marsaglia and Tsang, ACM TOMS 26, 2000). */
function gamma(rng: Rng, shape: number): number {
  // Below 1 by the boost of their section 6.
  if (shape < 1) return gamma(rng, shape + 1) * (1 - rng.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = rng.normal();
    const v = (1 + c * x) ** 3;
    if (v <= 0) continue;
    if (Math.log(1 - rng.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

/**
 * Shares of `sites` sites from the symmetric Dirichlet distribution: large `alpha` gives all the same, small gives nearly all
 * to one.
 *
 * @returns [sites], summing to 1
 */
export function drawShares(rng: Rng, sites: number, alpha: number): number[] {
  const draws = Array.from({ length: sites }, () => gamma(rng, alpha));
  const total = draws.reduce((sum, draw) => sum + draw, 0);
  if (total > 0) return draws.map((draw) => draw / total);
  // A tiny alpha draws nothing but zeros: all goes to one.
  const one = rng.int(sites);
  return draws.map((_, site) => (site === one ? 1 : 0));
}
