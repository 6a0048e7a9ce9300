import { Worker, type WorkerOptions } from 'node:worker_threads';
import { SOURCE_CONDITION, SOURCE_LOADER } from './source-loader';

const WORKER_PROGRAM = `${SOURCE_LOADER}
const threads = require('node:worker_threads');
const { entry, data } = threads.workerData;
threads.workerData = data;
start(entry);
`;

/**
 * Starts a worker thread on one of fedistl's own files, built or in source.
 *
 * @param entry absolute path, as `require.resolve('./x-worker')` gives it
 * @param data what the entry finds in `workerData`: structured-cloneable; SharedArrayBuffers in it are shared
 * @param settings name and resource limits of the thread
 */
export function launchWorker(
  entry: string,
  data: unknown,
  settings: Pick<WorkerOptions, 'name' | 'resourceLimits'> = {},
): Worker {
  // `execArgv: []`: flags of the parent (a debugger's port, a test runner's) are not the worker's.
  if (!entry.endsWith('.ts')) return new Worker(entry, { ...settings, execArgv: [], workerData: data });
  return new Worker(WORKER_PROGRAM, {
    ...settings,
    eval: true,
    execArgv: [SOURCE_CONDITION],
    workerData: { entry, data },
  });
}
