import { teacherMomentum } from '../schedules/schedules';

/** Halvings of the interval [0, 1]: down to the last bit of a double. */
const HALVINGS = 60;

/**
 * The EMA momentum of the first step for which a share `startShare` of the starting teacher is left after `steps` steps:
 * the product of all momenta is that share. About 1 + 2·ln(share)/steps where that is near 1 (distl.md 1.6, "How far the
 * teacher moves").
 */
export function momentumBase(startShare: number, steps: number): number {
  const target = Math.log(startShare);
  let [low, high] = [0, 1];
  for (let i = 0; i < HALVINGS; i++) {
    const base = (low + high) / 2;
    if (logShare(base, steps) < target) low = base;
    else high = base;
  }
  return high;
}

function logShare(base: number, steps: number): number {
  const momentum = teacherMomentum(base, steps);
  let sum = 0;
  for (let step = 0; step < steps; step++) sum += Math.log(momentum(step));
  return sum;
}
