import { type Engine } from '@fedistl/compute';
import { evaluateCandidate, siteHoldOut } from '@fedistl/distl';
import { openStudyImages } from '../studies/count-images';
import { type TrainingJob, type TrainingMessage } from './training-job';

/** Judges a candidate on the hold-out, in the training process: metrics go out, no score of an image. */
export async function evaluateModels(
  job: Extract<TrainingJob, { kind: 'evaluate' }>,
  engine: Engine,
): Promise<TrainingMessage> {
  const { plan, files } = job;
  const dataSet = openStudyImages(job.dataDirectory, job, plan);
  try {
    const metrics = await evaluateCandidate({ engine, plan, ...files, holdOut: siteHoldOut(dataSet, plan) });
    return { type: 'evaluated', metrics: { ...metrics } };
  } finally {
    dataSet.close();
  }
}
