import { mkdir, rm } from 'node:fs/promises';
import { type Engine } from '@fedistl/compute';
import { float32Tensor, parseBlobHash, type SiteId, toFloat32 } from '@fedistl/core';
import {
  faultPoint,
  readSafetensorsFile,
  toFileError,
  writeFileAtomic,
  writeSafetensorsFile,
} from '@fedistl/core/node';
import { planHash, type StudyPlan } from '@fedistl/protocol';
import { CheckpointStore, type FoundCheckpoint } from '../checkpoint/checkpoint-store';
import { type RunPosition } from '../checkpoint/run-position';
import { configHash } from '../config/parse-train-config';
import { DistlError } from '../distl.errors';
import { stopOnCollapse } from '../monitor/collapse';
import { summarise } from '../monitor/epoch-summary';
import { stateName } from '../step/state-names';
import { stepConfigOf } from '../trainer/network';
import { TrainingSession } from '../trainer/training-session';
import { fileHash } from './file-hash';
import { planNetwork } from './plan-settings';
import { progressMeter } from './progress-meter';
import { ProximalStep } from './proximal-step';
import { type RoundCourse, roundCourse, type RoundKey, roundSeed } from './round-course';
import { type RoundImages } from './round-images';
import { roundReport } from './round-report';
import { readResult, roundFiles, type TrainedRound, writeResult } from './round-result';
import { type RoundProgress, RoundRun, type RoundSources } from './round-run';
import { openSources } from './round-sources';
import { readRoundStart, type RoundFiles, type RoundStart } from './round-start';
import { encodeRound } from './round-update';

export interface TrainRoundOptions extends RoundKey, RoundFiles {
  readonly engine: Engine;
  readonly plan: StudyPlan;
  readonly siteId: SiteId;
  readonly images: RoundImages;
  /** `residual` of the site's last round, where the plan's encoding has error feedback. */
  readonly residual?: string | null;
  /** Of this round alone: checkpoints, the update, the result. */
  readonly directory: string;
  /** Threads that make views. */
  readonly workers?: number;
  /** How much work a crash may cost; default 50. */
  readonly checkpointEverySteps?: number;
  /** Recompute blocks in the backward pass: less memory, more time. */
  readonly rematerialise?: boolean;
  readonly onProgress?: (progress: RoundProgress) => void;
  /** Stops after a step, with a checkpoint. */
  readonly signal?: AbortSignal;
  /** Awaited between steps: leaves the device to others for as long as it takes, and changes nothing of the result. */
  readonly rest?: () => Promise<void>;
}

/**
 * A site's part of a round (docs/federated-learning.md). Generation 0 trains the student on labels. Later ones train it on
 * unlabelled images under the teacher, which stands still for the round (`server`) or follows the student (`local`), with
 * the corrections that are due where the site has labels; a site that has labels alone does these alone.
 *
 * A function of plan, site, round, starting files and images: ended anywhere and called again it goes on from its last
 * checkpoint and ends in the same bytes; called again after its end it returns the update that it made.
 *
 * @throws RoundError every code of docs/errors/round.md: the site then withdraws; DistlError `DISTL.LOSS_NOT_FINITE`,
 *   `DISTL.COLLAPSED`; WeightsError, SafetensorsError, FileError for the starting files
 */
export async function trainRound(options: TrainRoundOptions): Promise<TrainedRound> {
  const { plan, generation, directory } = options;
  const course = roundCourse(plan, options, {
    checkpointEverySteps: options.checkpointEverySteps ?? 50,
    rematerialise: options.rematerialise ?? false,
  });
  const run = await runHash(options);
  const files = roundFiles(directory, run);
  const before = await readResult(files, plan.transfer.encoding);
  if (before !== undefined) return before;
  const seed = roundSeed(plan, options.siteId, options);
  const sources = openSources(options.images, { plan, course, generation, seed, workers: options.workers });
  try {
    const start = await readRoundStart(plan, options, options);
    await mkdir(directory, { recursive: true }).catch((cause: unknown) => {
      throw toFileError(cause, 'write', directory);
    });
    const session = await TrainingSession.open(options.engine, stepConfigOf(course.config, planNetwork(plan)), seed);
    try {
      const checkpoints = new CheckpointStore(files.checkpoints, run, session.state.specs);
      const position = await runSteps({ options, course, seed, sources, start, session, checkpoints });
      return await finish({ options, course, start, session, position, files });
    } finally {
      await session.dispose();
    }
  } finally {
    await sources.main?.close();
    await sources.correction?.close();
  }
}

/** What the round is: everything that its result depends on. */
async function runHash(options: TrainRoundOptions): Promise<string> {
  const { plan, siteId, generation, round, student, teacher, centre, residual = null, images } = options;
  const hashOf = (file: string | null): Promise<string> | null => (file === null ? null : fileHash(file));
  return configHash({
    plan: planHash(plan),
    siteId,
    generation,
    round,
    student: await hashOf(student),
    teacher: await hashOf(teacher),
    centre: await hashOf(centre),
    residual: await hashOf(residual),
    images: images.identity,
  });
}

interface StepsRequest {
  readonly options: TrainRoundOptions;
  readonly course: RoundCourse;
  readonly seed: number;
  readonly sources: RoundSources;
  readonly start: RoundStart;
  readonly session: TrainingSession;
  readonly checkpoints: CheckpointStore;
}

/** From the newest checkpoint, or from the start, to the end of the round. */
async function runSteps(request: StepsRequest): Promise<RunPosition> {
  const { options, course, seed, sources, start, session, checkpoints } = request;
  const found = await newestWhole(checkpoints);
  await session.state.write(found?.tensors ?? startingState(start));
  const proximal = await ProximalStep.open(options.engine, session, start.student, options.plan.training.proximal);
  try {
    const { first, end } = course;
    const onStep = progressMeter(end - first, (found?.position.step ?? first) - first, options.onProgress);
    const { signal } = options;
    const run = new RoundRun(
      { session, course, sources, seed, proximal, checkpoints, onStep, signal, rest: options.rest },
      found?.position,
    );
    return await run.toEnd();
  } finally {
    await proximal?.dispose();
  }
}

/** Checkpoints that are not whole cost steps, no more: the same steps give the same update. */
async function newestWhole(checkpoints: CheckpointStore): Promise<FoundCheckpoint | undefined> {
  try {
    return await checkpoints.newest(() => undefined);
  } catch (error) {
    if (error instanceof DistlError && error.code === 'DISTL.CHECKPOINT_MISSING') return undefined;
    throw error;
  }
}

/** Moments start at zero, as the state does. */
function startingState({ student, teacher, centre }: RoundStart): Map<string, Float32Array> {
  return new Map([
    ...[...student].map(([name, values]) => [stateName.student(name), values] as const),
    ...[...teacher].map(([name, values]) => [stateName.teacher(name), values] as const),
    [stateName.centre, centre] as const,
  ]);
}

interface FinishRequest {
  readonly options: TrainRoundOptions;
  readonly course: RoundCourse;
  readonly start: RoundStart;
  readonly session: TrainingSession;
  readonly position: RunPosition;
  readonly files: ReturnType<typeof roundFiles>;
}

/** Writes update, then result, then removes the checkpoints: what is there is whole after a crash at any point. */
async function finish({ options, course, start, session, position, files }: FinishRequest): Promise<TrainedRound> {
  const { plan } = options;
  const centre = (await session.state.read([stateName.centre])).get(stateName.centre) ?? new Float32Array();
  const { stage } = course.stage;
  // The rule counts steps by epochs; here the round is one.
  const epoch = options.round - 1;
  if (stage > 0 && position.sums.steps > 0 && course.config.onCollapse === 'stop') {
    stopOnCollapse(summarise(position.sums, { stage, epoch }, centre.length, centre));
  }
  const end = { student: await session.weights('student'), teacher: await session.weights('teacher') };
  const carried = await readResidual(options.residual ?? null);
  const { blob, residual } = encodeRound({ plan, form: start.form, start, end, centre, residual: carried });
  await writeFileAtomic(files.blob, [blob]);
  faultPoint('train-round.update-written');
  if (residual !== null) {
    await writeSafetensorsFile(files.residual, [float32Tensor('residual', [residual.length], residual)]);
  }
  const { form } = start;
  const trained: TrainedRound = {
    path: files.blob,
    layoutHash: form.layoutHash,
    payload: {
      blobHash: parseBlobHash(await fileHash(files.blob)),
      byteLength: blob.length,
      parameters: form.parameters,
      encoding: plan.transfer.encoding,
      centreLength: form.centreLength,
    },
    ...roundReport(course, position, centre),
    residual: residual === null ? null : files.residual,
  };
  await writeResult(files.result, trained);
  faultPoint('train-round.result-written');
  await rm(files.checkpoints, { recursive: true, force: true });
  return trained;
}

async function readResidual(file: string | null): Promise<Float32Array | null> {
  if (file === null) return null;
  const tensor = (await readSafetensorsFile(file)).tensors.get('residual');
  return tensor === undefined ? new Float32Array() : toFloat32(tensor);
}
