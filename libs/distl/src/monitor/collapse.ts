import { DistlError } from '../distl.errors';
import { type EpochSummary } from './epoch-summary';

/**
 * Share of what they could tell of their images below which DINO targets tell nothing, and share of the largest entropy below
 * which they are sharp. Sharp targets that tell nothing are the same prototype for every image: the collapse that the teacher
 * cannot leave. Even targets that tell nothing are no sign: an untrained network gives them too.
 */
const LEAST_INFORMATION = 1e-3;
const SHARP_ENTROPY = 0.1;
/**
 * DINO steps of a stage before which its targets are not judged: the centre starts at zero, and until it has settled the teacher's
 * targets are the same prototype for every image by nature.
 */
const SETTLING_STEPS = 50;
/** Mean pseudo-label within this of 0 or 1: the teacher calls every image the same. */
const LEAST_MIX = 1e-3;

/**
 * The rule: an epoch that is not the first of its stage has collapsed when the teacher's DINO targets are the same prototype for
 * every image (mutual information of image and target under 0.1 %, mean entropy under 10 % of the largest values; looked at only
 * where the DINO term has weight and the stage has had 50 steps) or its pseudo-labels call all images the same (mean within 0.001 of 0 or 1).
 *
 * @returns what was seen, or undefined
 */
export function collapseOf(summary: EpochSummary): string | undefined {
  const { epoch, steps, targetInformation, teacherEntropy, pseudoPositive } = summary;
  if (epoch === 0) return undefined;
  const settled = (epoch + 1) * steps >= SETTLING_STEPS;
  if (settled && (targetInformation ?? 1) < LEAST_INFORMATION && (teacherEntropy ?? 1) < SHARP_ENTROPY) {
    return "the teacher's DINO targets are the same prototype for every image";
  }
  if (pseudoPositive !== null && Math.min(pseudoPositive, 1 - pseudoPositive) < LEAST_MIX) {
    return `the mean pseudo-label is ${pseudoPositive.toFixed(4)}: the teacher calls all images the same`;
  }
  return undefined;
}

/** @throws DistlError `DISTL.COLLAPSED` */
export function stopOnCollapse(summary: EpochSummary): void {
  const seen = collapseOf(summary);
  if (seen === undefined) return;
  throw new DistlError(
    'DISTL.COLLAPSED',
    `stage ${summary.stage}, epoch ${summary.epoch}: ${seen}; lower learningRate.peak or weights.pseudoLabel, ` +
      'or correct more often (correction.everySteps); checkpoints of before are kept',
    { details: { summary } },
  );
}

/** @throws DistlError `DISTL.LOSS_NOT_FINITE` */
export function checkLoss(loss: number, at: { readonly stage: number; readonly step: number }, what: string): void {
  if (Number.isFinite(loss)) return;
  throw new DistlError(
    'DISTL.LOSS_NOT_FINITE',
    `stage ${at.stage}, step ${at.step}: the ${what} loss is ${loss}; lower learningRate.peak; checkpoints of before are kept`,
    { details: at },
  );
}
