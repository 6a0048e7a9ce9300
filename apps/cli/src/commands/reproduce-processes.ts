import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { DomainError } from '@fedistl/core';
import { launchProcess } from '@fedistl/core/node';
import { ReproduceError, type TaskProcesses } from '@fedistl/distl';
import { type ReproduceFlags } from './reproduce-input';

/** What a computing process says before it ends with an error of ours. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Each process holds its images and its network in memory. */
const MOST_JOBS = 4;

/**
 * Processes that compute at the same time. Small networks gain little from a second thread, and nearly twofold from a second
 * process; a GPU is one.
 */
export function jobsOf({ jobs, engine, provider, threads }: ReproduceFlags): number {
  if (jobs !== undefined) return jobs;
  const isCpu = engine === 'onnxruntime' && (provider === undefined || provider === 'cpu');
  return isCpu ? Math.min(MOST_JOBS, threads ?? availableParallelism()) : 1;
}

/**
 * Processes that each compute one task of a reproduction. What they say is printed with the task's name before it. They end
 * when this process ends, however it ends (`endWithParent`).
 */
export function taskProcesses(flags: ReproduceFlags, atOnce: number): TaskProcesses {
  const threads = Math.max(1, Math.floor((flags.threads ?? availableParallelism()) / atOnce));
  const shared: ReproduceFlags = { ...flags, threads, workers: flags.workers ?? 0 };
  return { atOnce, run: (task, signal) => runTask(shared, task, signal) };
}

async function runTask(flags: ReproduceFlags, task: string, signal: AbortSignal): Promise<void> {
  const child = launchProcess(require.resolve('./reproduce-task-main'), [JSON.stringify(flags), task], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let refusal: Refusal | undefined;
  let last = '';
  child.on('message', (message) => {
    refusal = message as Refusal;
  });
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on('line', (line) => {
      last = line;
      process.stderr.write(`${task}: ${line}\n`);
    });
  }
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  try {
    if (signal.aborted) stop();
    const [code, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    if (code === 0) return;
    if (refusal !== undefined) throw new DomainError(refusal.code, `${task}: ${refusal.message}`);
    const end = killedBy ?? `exit code ${String(code)}`;
    const said = last === '' ? '' : `; its last line: ${last}`;
    throw new ReproduceError(
      'REPRODUCE.PROCESS_DIED',
      `expected a result of the process that computes ${task}, it ended by ${end}${said}`,
    );
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
