import { createRng } from '@fedistl/core';
import { launchWorker } from '@fedistl/core/node';
import { type Worker } from 'node:worker_threads';

import { type RenderJob } from './batch-slot';
import { renderBatch } from './render-batch';
import { ViewRenderer } from './view-renderer';
import { type ViewWorkerData, type ViewWorkerReply, type ViewWorkerRequest } from './view-worker-messages';
import { ViewsError } from './views.errors';

/** Renders the batch whose images lie in a slot; the promise settles when every view is written. */
export interface BatchRenderer {
  render(slot: number, job: RenderJob): Promise<void>;
  close(): Promise<void>;
}

/** On the calling thread: for one image at a time, debugging, and where threads are not wanted. */
export function createInlineRenderer(data: ViewWorkerData): BatchRenderer {
  const { config, shape, seed, slots } = data;
  const state = { config, shape, rng: createRng(seed), renderer: new ViewRenderer(config.mode) };
  return {
    render: async (slot, job) => {
      // Lets the event loop breathe between batches.
      await new Promise((resolve) => setImmediate(resolve));
      const memory = slots[slot];
      if (memory === undefined) throw new ViewsError('VIEWS.SOURCE', `no slot ${slot}`, { slot });
      Atomics.store(memory.next, 0, 0);
      renderBatch(state, memory, job);
    },
    close: () => Promise.resolve(),
  };
}

interface Pending {
  left: number;
  failure: string | undefined;
  readonly settle: (failure: string | undefined) => void;
}

/** On worker threads, which share each batch image by image. Idle workers do not keep the process alive. */
export class WorkerRenderer implements BatchRenderer {
  readonly #data: ViewWorkerData;
  readonly #workers: Worker[];
  readonly #pending = new Map<number, Pending>();
  #broken: string | undefined;
  #closing = false;

  constructor(data: ViewWorkerData, workers: number) {
    this.#data = data;
    const entry = require.resolve('./view-worker');
    this.#workers = Array.from({ length: workers }, () => launchWorker(entry, data, { name: 'fedistl-views' }));
    for (const worker of this.#workers) {
      worker.unref();
      worker.on('message', (reply: ViewWorkerReply) => {
        this.#onReply(reply);
      });
      worker.on('error', (error: Error) => {
        this.#break(error.message);
      });
      worker.on('exit', (code) => {
        if (!this.#closing) this.#break(`a worker ended with exit code ${code}`);
      });
    }
  }

  async render(slot: number, job: RenderJob): Promise<void> {
    const memory = this.#data.slots[slot];
    if (memory === undefined) throw new ViewsError('VIEWS.SOURCE', `no slot ${slot}`, { slot });
    const failure = await new Promise<string | undefined>((settle) => {
      if (this.#broken !== undefined) {
        settle(this.#broken);
        return;
      }
      Atomics.store(memory.next, 0, 0);
      this.#pending.set(slot, { left: this.#workers.length, failure: undefined, settle });
      for (const worker of this.#workers) {
        worker.ref();
        worker.postMessage({ slot, job } satisfies ViewWorkerRequest);
      }
    });
    if (failure !== undefined) {
      throw new ViewsError('VIEWS.WORKER', `a view worker failed: ${failure}`, { workers: this.#workers.length });
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#break('the pipeline was closed');
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /** A batch is done when every worker has said so: only then may its slot's memory be used again. */
  #onReply(reply: ViewWorkerReply): void {
    const pending = this.#pending.get(reply.slot);
    if (pending === undefined) return;
    pending.left--;
    pending.failure ??= reply.failure;
    if (pending.left > 0) return;
    this.#pending.delete(reply.slot);
    if (this.#pending.size === 0) for (const worker of this.#workers) worker.unref();
    pending.settle(pending.failure);
  }

  #break(reason: string): void {
    this.#broken ??= reason;
    for (const pending of this.#pending.values()) pending.settle(this.#broken);
    this.#pending.clear();
  }
}
