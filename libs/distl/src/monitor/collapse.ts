import { DistlError } from '../distl.errors';
import { type EpochSummary } from './epoch-summary';

/**
 * Mean entropy of the single images' DINO targets, as a share of ln K, below which they carry one prototype each and nothing
 * else. Provisional: it was lowered from 1e-3 after one small run on phantoms dipped to 4e-3, and no run that learns has been
 * compared with one that does not. A run with AUC at chance has stayed above it (2e-4). Whether the images share that
 * prototype, which is the collapse proper, needs the entropy of the mean target, and is not measured yet.
 */
const LEAST_ENTROPY = 1e-4;
/** Mean pseudo-label within this of 0 or 1: the teacher calls every image the same. */
const LEAST_MIX = 1e-3;

/**
 * The rule: an epoch of a generation, not its first, has collapsed when the teacher's DINO targets have become one prototype an
 * image (mean entropy under 0.01 % of ln K) or its pseudo-labels call them all the same (mean within 0.001 of 0 or 1). Near-even
 * targets are no sign: an untrained network gives them too.
 *
 * @returns what was seen, or undefined
 */
export function collapseOf(summary: EpochSummary): string | undefined {
  const { epoch, teacherEntropy, pseudoPositive } = summary;
  if (epoch === 0) return undefined;
  if (teacherEntropy !== null && teacherEntropy < LEAST_ENTROPY) {
    return `the teacher's DINO targets have ${teacherEntropy.toExponential(1)} of the largest entropy: each image's target is a single prototype`;
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
    `generation ${summary.stage}, epoch ${summary.epoch}: ${seen}; lower learningRate.peak or weights.pseudoLabel, ` +
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
