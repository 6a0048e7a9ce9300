import { type Engine } from '@fedistl/compute';
import { evaluateCandidate, type HoldOut, siteHoldOut } from '@fedistl/distl';
import { NodeError } from '../node.errors';
import { openStudyImages } from '../studies/count-images';
import { type TrainingJob, type TrainingMessage } from './training-job';

/** DeLong's variance needs two images of each class; the acceptance rule counts no site without an AUC. */
const FEWEST_OF_A_CLASS = 2;

/**
 * Judges a candidate on the hold-out, in the training process: metrics go out, no score of an image.
 *
 * @throws NodeError `NODE.HOLD_OUT_TOO_SMALL` before anything is measured: the site withdraws
 */
export async function evaluateModels(
  job: Extract<TrainingJob, { kind: 'evaluate' }>,
  engine: Engine,
): Promise<TrainingMessage> {
  const { plan, files } = job;
  const dataSet = openStudyImages(job.dataDirectory, job, plan);
  try {
    const holdOut = siteHoldOut(dataSet, plan);
    requireBothClasses(holdOut);
    const metrics = await evaluateCandidate({ engine, plan, ...files, holdOut });
    return { type: 'evaluated', metrics: { ...metrics } };
  } finally {
    dataSet.close();
  }
}

function requireBothClasses({ images: { labels } }: HoldOut): void {
  const positives = Array.from(labels).filter((label) => label === 1).length;
  const fewest = Math.min(positives, labels.length - positives);
  if (fewest >= FEWEST_OF_A_CLASS) return;
  const message = `expected a hold-out with at least ${FEWEST_OF_A_CLASS} images of each class, got ${fewest} of one`;
  throw new NodeError('NODE.HOLD_OUT_TOO_SMALL', message);
}
