import { Worker, type WorkerOptions } from 'node:worker_threads';

/**
 * Program of a worker thread that runs TypeScript sources: a `require` hook that compiles with SWC, then the entry.
 * SWC is looked up from the entry, where the workspace has it; an installed package never gets here.
 */
const SOURCE_LOADER = `
const { createRequire } = require('node:module');
const { readFileSync } = require('node:fs');
const { entry, data } = require('node:worker_threads').workerData;
const { transformSync } = createRequire(entry)('@swc/core');
const options = {
  jsc: { target: 'es2022', parser: { syntax: 'typescript', decorators: true } },
  module: { type: 'commonjs' },
  sourceMaps: 'inline',
};
require.extensions['.ts'] = (module, filename) =>
  module._compile(transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code, filename);
require('node:worker_threads').workerData = data;
createRequire(entry)(entry);
`;

/**
 * Starts a worker thread on one of this library's own files.
 *
 * Built (`dist`), `entry` ends in `.js` and is started as it is. Read from sources (jest, whose transform does not reach
 * worker threads), it ends in `.ts` and is started through SOURCE_LOADER, with the export condition that makes
 * `@fedistl/*` resolve to sources too. Either way the entry finds `data` in `workerData`.
 *
 * @param entry absolute path, as `require.resolve('./x-worker')` gives it
 * @param data structured-cloneable; SharedArrayBuffers in it are shared
 * @param settings name and resource limits of the thread
 */
export function launchWorker(
  entry: string,
  data: unknown,
  settings: Pick<WorkerOptions, 'name' | 'resourceLimits'> = { name: 'fedistl-views' },
): Worker {
  const options: WorkerOptions = { ...settings, execArgv: [] };
  if (!entry.endsWith('.ts')) return new Worker(entry, { ...options, workerData: data });
  return new Worker(SOURCE_LOADER, {
    ...options,
    eval: true,
    execArgv: ['--conditions=@fedistl/source'],
    workerData: { entry, data },
  });
}
