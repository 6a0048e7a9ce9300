import { type UpdateCounts, type UpdateManifest } from '@fedistl/protocol';
import { type RunPosition } from '../checkpoint/run-position';
import { summarise } from '../monitor/epoch-summary';
import { type RoundCourse } from './round-course';

/** What a site says of a round beside the update itself. */
export interface RoundReport {
  readonly counts: UpdateCounts;
  readonly statistics: UpdateManifest['statistics'];
}

/**
 * Counts and means of a round from the sums that its position carries. A label counts as an accepted pseudo-label: it is
 * worth no less.
 *
 * @param centre of the site at the round's end
 */
export function roundReport(
  { stage, config, first, end }: RoundCourse,
  { sums, step }: RunPosition,
  centre: ArrayLike<number>,
): RoundReport {
  const { batch } = config;
  const isSupervised = stage.stage === 0;
  const isFiltered = !isSupervised && config.confidence !== null;
  const main = sums.steps * batch;
  const corrected = sums.corrections * batch;
  const counts = {
    steps: end - first,
    imagesSeen: main + corrected,
    acceptedPseudoLabels: corrected + (isFiltered ? Math.round(sums.retained * batch) : main),
    labelledImages: isSupervised ? main : corrected,
  };
  const prototypes = Math.max(2, centre.length);
  const epoch = Math.floor((step - 1) / stage.stepsPerEpoch);
  const summary = summarise(sums, { stage: stage.stage, epoch }, prototypes, isSupervised ? null : centre, {
    filtered: isFiltered,
  });
  const values: Record<string, number | null> = {
    loss: summary.loss,
    dinoLoss: summary.dino,
    classificationLoss: summary.classification,
    correctionLoss: summary.correction,
    pseudoPositive: summary.pseudoPositive,
    pseudoSpread: summary.pseudoSpread,
    teacherEntropy: summary.teacherEntropy,
    targetInformation: summary.targetInformation,
    retained: summary.retained,
    centreNorm: summary.centreNorm,
  };
  // A site without images to label has no means of them.
  const known = Object.entries(values).filter((entry): entry is [string, number] => Number.isFinite(entry[1]));
  return { counts, statistics: Object.fromEntries(known) };
}
