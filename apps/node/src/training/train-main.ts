import path from 'node:path';
import { createEngine, type Engine } from '@fedistl/compute';
import { DomainError, parseJson } from '@fedistl/core';
import { faultPoint, readTextFile } from '@fedistl/core/node';
import { siteRoundImages, trainRound } from '@fedistl/distl';
import { openStudyImages } from '../studies/count-images';
import { dutyCycle } from './duty-cycle';
import { evaluateModels } from './evaluate-models';
import { type TrainingJob, trainingJobSchema, type TrainingMessage } from './training-job';

/** The process that reads images and computes. It has no network of its own: it reads files and tells its parent. */
async function main(): Promise<void> {
  const job = trainingJobSchema.parse(parseJson(await readTextFile(process.argv[2] ?? '')));
  const stop = new AbortController();
  process.once('SIGTERM', () => {
    stop.abort();
  });
  // The node is gone: what is begun goes on from its checkpoint when there is one again.
  process.once('disconnect', () => process.exit(0));
  const { engine, provider, threads } = job.engine;
  const compute = await createEngine({
    engine,
    ...(provider === undefined ? {} : { provider }),
    ...(threads === undefined ? {} : { threads }),
  });
  await tell(job.kind === 'train' ? await train(job, compute, stop.signal) : await evaluateModels(job, compute));
}

async function train(
  job: Extract<TrainingJob, { kind: 'train' }>,
  engine: Engine,
  signal: AbortSignal,
): Promise<TrainingMessage> {
  const { plan, siteId, generation, round, files, residual, directory, deviceShare } = job;
  const dataSet = openStudyImages(job.dataDirectory, job, plan);
  let lastTold = 0;
  try {
    const trained = await trainRound({
      engine,
      plan,
      siteId,
      generation,
      round,
      ...files,
      residual,
      images: siteRoundImages(dataSet, plan, generation),
      directory,
      signal,
      rest: dutyCycle(deviceShare, signal),
      onProgress: (progress) => {
        if (progress.loss !== null || progress.step > 0) faultPoint('node.training-step');
        const now = Date.now();
        if (now - lastTold < 250 && progress.step < progress.steps) return;
        lastTold = now;
        process.send?.({ type: 'progress', ...progress } satisfies TrainingMessage);
      },
    });
    const { path: file, ...update } = trained;
    const residualName = update.residual === null ? null : path.basename(update.residual);
    return { type: 'trained', update: { ...update, file: path.basename(file), residual: residualName } };
  } finally {
    dataSet.close();
  }
}

/** Resolves when the parent has it. */
function tell(message: TrainingMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined) {
      resolve();
      return;
    }
    process.send(message, undefined, undefined, (error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
}

main().then(
  () => process.exit(0),
  async (error: unknown) => {
    // For the hospital's own eyes: the parent keeps it in the round's folder.
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    const code = error instanceof DomainError ? error.code : null;
    if (code === 'ROUND.STOPPED') await tell({ type: 'stopped' });
    // An error that nobody foresaw may pass: the process dies, and is started again.
    else if (code !== null) await tell({ type: 'failed', code });
    process.exit(code === 'ROUND.STOPPED' ? 0 : 1);
  },
);
