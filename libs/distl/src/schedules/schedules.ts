import { DistlError } from '../distl.errors';

/** Value at each step of a stage, 0-based. */
export type Schedule = (step: number) => number;

export interface WarmupCosineOptions {
  /** Value at the end of the warm-up. */
  readonly peak: number;
  /** Value that the cosine ends near. */
  readonly final: number;
  readonly totalSteps: number;
  /** Steps of the linear rise from 0, its last step at the peak; 0 for none. */
  readonly warmupSteps: number;
}

/**
 * Linear warm-up, then half a cosine: `final + (peak - final)·(1 + cos(π·j/J))/2`, j counted from the end of the warm-up,
 * J the steps that remain (distl.md 1.6; DINO's `cosine_scheduler`). The last step does not quite reach `final`.
 */
export function warmupCosine({ peak, final, totalSteps, warmupSteps }: WarmupCosineOptions): Schedule {
  if (!(totalSteps >= 1 && warmupSteps >= 0 && warmupSteps <= totalSteps)) {
    throw new DistlError(
      'DISTL.SCHEDULE_INVALID',
      `expected 0 <= warm-up steps <= total steps, at least 1 in all; got ${warmupSteps} of ${totalSteps}`,
    );
  }
  const rest = totalSteps - warmupSteps;
  return (step) => {
    if (step < warmupSteps) return warmupSteps === 1 ? 0 : (peak * step) / (warmupSteps - 1);
    return final + 0.5 * (peak - final) * (1 + Math.cos((Math.PI * (step - warmupSteps)) / rest));
  };
}

/**
 * EMA momentum of the teacher: from `base` at step 0 to 1 by half a cosine, without warm-up (distl.md 1.6).
 */
export function teacherMomentum(base: number, totalSteps: number): Schedule {
  return warmupCosine({ peak: base, final: 1, totalSteps, warmupSteps: 0 });
}

/**
 * Weight of the pseudo-label loss in epoch `epoch` of `epochs`: α(e) = 2·(e + 1)/E (distl.md 1.4).
 */
export function pseudoLabelRamp(epoch: number, epochs: number): number {
  return (2 * (epoch + 1)) / epochs;
}
