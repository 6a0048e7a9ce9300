import { launchWorker } from '@fedistl/core/node';
import { type Worker } from 'node:worker_threads';

/** Starts `pass-worker` in a thread of its own. */
export function startPassWorker(): Worker {
  return launchWorker(require.resolve('./pass-worker'), undefined, { name: 'fedistl-aggregation' });
}
