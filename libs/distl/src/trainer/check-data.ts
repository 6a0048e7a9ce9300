import { type TrainConfig } from '../config/train-config';
import { DistlError } from '../distl.errors';
import { type TrainingData } from './training-data';

/**
 * Refuses data that a run could not be trained on, before anything is computed.
 *
 * @throws DistlError `DISTL.NO_LABELS`, `DISTL.ONE_CLASS`, `DISTL.LABELLED_TOO_SMALL`, `DISTL.FOLD_TOO_SMALL`
 */
export function checkTrainingData(
  data: TrainingData,
  { batch, shortBatches, selfSupervision }: Pick<TrainConfig, 'batch' | 'shortBatches' | 'selfSupervision'>,
  generations: number,
): void {
  const { labels, foldSizes } = data;
  if (labels.length === 0) {
    throw new DistlError('DISTL.NO_LABELS', 'expected labelled images in fold 0 of the training split, got none');
  }
  const classes = new Set(Array.from(labels));
  if (classes.size < 2) {
    const [only] = classes;
    throw new DistlError(
      'DISTL.ONE_CLASS',
      `expected labelled images of both classes, got ${labels.length} of label ${only}`,
    );
  }
  const least = shortBatches === 'repeat' ? 1 : batch;
  if (labels.length < least) {
    throw new DistlError(
      'DISTL.LABELLED_TOO_SMALL',
      `expected at least a batch of ${batch} labelled images, got ${labels.length}`,
    );
  }
  const folds = Math.max(generations, selfSupervision?.folds ?? 0);
  for (let fold = 0; fold < folds; fold++) {
    const size = foldSizes[fold] ?? 0;
    if (size >= least) continue;
    throw new DistlError(
      'DISTL.FOLD_TOO_SMALL',
      `fold ${fold + 1} is trained on: expected at least ${least} of its images for a batch of ${batch}, got ${size}`,
    );
  }
}
