import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { readTextFile, launchProcess } from '@fedistl/core/node';
import { sleep } from '@fedistl/client';
import { isAlive } from '../files/directory-lock';
import { writeJsonFile } from '../files/json-file';
import { NodeError } from '../node.errors';
import { type JobProgress, type TrainingJob, type TrainingMessage, trainingMessageSchema } from './training-job';

export type JobResult = Extract<TrainingMessage, { type: 'trained' | 'evaluated' }>;

export interface TrainingProcessOptions {
  readonly job: TrainingJob;
  /** Gets the job, the process' number and what it prints; nothing in here leaves. */
  readonly directory: string;
  readonly onStarted?: () => void;
  readonly onProgress: (progress: JobProgress) => void;
  readonly signal: AbortSignal;
  /** Entry of the process; specs give one of their own. */
  readonly entry?: string;
}

/** How long a process of a node that was killed may take to notice it, ms. */
const LEFT_OVER_MS = 60_000;
/** How long a stop may take: a step and a checkpoint, ms. */
const STOP_MS = 60_000;

/** Whether a fault to be made was given to a child of this process already: it stands for one kill, not for one in each. */
let faultGiven = false;

/**
 * Runs a job in a process of its own: heartbeats go on while it computes, and when it dies this one lives. A stop lets it write
 * its checkpoint first.
 *
 * @throws NodeError `NODE.TRAINING_DIED` (it may be tried again), `NODE.TRAINING_FAILED` (it may not; `details.code` says why),
 *   `NODE.STOPPED`, `NODE.TRAINING_BUSY`
 */
export async function runTrainingProcess(options: TrainingProcessOptions): Promise<JobResult> {
  const { job, directory, onProgress, signal } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const pidFile = path.join(directory, 'process.pid');
  await waitForLeftOver(pidFile, signal);
  const jobFile = path.join(directory, 'job.json');
  await writeJsonFile(jobFile, job);
  // What a runtime prints may name files; it stays here.
  const output = await open(path.join(directory, 'output.log'), 'a', 0o600);
  try {
    const child = launchProcess(options.entry ?? require.resolve('./train-main'), [jobFile], {
      stdio: ['ignore', output.fd, output.fd, 'ipc'],
      env: childEnvironment(),
    });
    const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    if (child.pid !== undefined) await writeFile(pidFile, String(child.pid));
    options.onStarted?.();
    return await outcome(child, ended, onProgress, signal);
  } finally {
    await output.close();
    await rm(pidFile, { force: true });
  }
}

async function outcome(
  child: ChildProcess,
  ended: Promise<[number | null, NodeJS.Signals | null]>,
  onProgress: (progress: JobProgress) => void,
  signal: AbortSignal,
): Promise<JobResult> {
  let last: Exclude<TrainingMessage, { type: 'progress' }> | undefined;
  child.on('message', (sent: unknown) => {
    const message = trainingMessageSchema.parse(sent);
    if (message.type !== 'progress') {
      last = message;
      return;
    }
    const { step, steps, loss, imagesPerSecond, etaSeconds } = message;
    onProgress({ step, steps, loss, imagesPerSecond, etaSeconds });
  });
  let hard: NodeJS.Timeout | undefined;
  const stop = (): void => {
    child.kill('SIGTERM');
    hard ??= setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  try {
    const [code, killedBy] = await ended;
    // Messages and the exit come by different ways: let what was sent before be read.
    await new Promise(setImmediate);
    return resultOf(last, killedBy ?? `exit code ${String(code)}`, signal);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(hard);
    signal.removeEventListener('abort', stop);
  }
}

function resultOf(
  last: Exclude<TrainingMessage, { type: 'progress' }> | undefined,
  end: string,
  signal: AbortSignal,
): JobResult {
  if (last?.type === 'trained' || last?.type === 'evaluated') return last;
  if (last?.type === 'failed') {
    throw new NodeError('NODE.TRAINING_FAILED', `training cannot be done here: ${last.code}`, {
      details: { code: last.code },
    });
  }
  if (last?.type === 'stopped' || signal.aborted) throw new NodeError('NODE.STOPPED', 'training was stopped');
  throw new NodeError('NODE.TRAINING_DIED', `expected a result of the training process, it ended by ${end}`);
}

/** A node that was killed leaves its training process, which ends itself at the next step; two must not write one folder. */
async function waitForLeftOver(pidFile: string, signal: AbortSignal): Promise<void> {
  let pid: number;
  try {
    pid = Number(await readTextFile(pidFile, { maxBytes: 100 }));
  } catch {
    return; // None was left.
  }
  for (let waited = 0; Number.isInteger(pid) && isAlive(pid); waited += 100) {
    if (signal.aborted) throw new NodeError('NODE.STOPPED', 'training was stopped');
    if (waited > LEFT_OVER_MS) {
      if (await isTraining(pid)) {
        throw new NodeError('NODE.TRAINING_BUSY', `expected the training process ${pid} to end, it goes on`);
      }
      return;
    }
    await sleep(100, signal);
  }
}

/** Numbers of processes come again: whether this one is a training process; true where that cannot be told. */
async function isTraining(pid: number): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  try {
    return (await readTextFile(`/proc/${pid}/cmdline`)).includes('train-main');
  } catch {
    return true;
  }
}

function childEnvironment(): NodeJS.ProcessEnv {
  const { FEDISTL_FAULT: fault, ...environment } = process.env;
  if (fault === undefined || faultGiven) return environment;
  faultGiven = true;
  return process.env;
}
