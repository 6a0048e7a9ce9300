import { createRng } from '@fedistl/core';
import { parentPort, workerData } from 'node:worker_threads';

import { renderBatch } from './render-batch';
import { ViewRenderer } from './view-renderer';
import { type ViewWorkerData, type ViewWorkerReply, type ViewWorkerRequest } from './view-worker-messages';

// Entry of a worker thread (launchWorker of @fedistl/core/node): renders what it is told to, out of and into shared memory.
const { config, shape, seed, slots } = workerData as ViewWorkerData;
const state = { config, shape, rng: createRng(seed), renderer: new ViewRenderer(config.mode) };

parentPort?.on('message', ({ slot, job }: ViewWorkerRequest) => {
  const reply = (value: ViewWorkerReply): void => {
    parentPort?.postMessage(value);
  };
  try {
    const memory = slots[slot];
    if (memory === undefined) throw new RangeError(`no slot ${slot}`);
    renderBatch(state, memory, job);
    reply({ slot });
  } catch (error) {
    // An error object loses its class on the way; the other side raises VIEWS.WORKER with this text.
    reply({ slot, failure: error instanceof Error ? error.message : String(error) });
  }
});
