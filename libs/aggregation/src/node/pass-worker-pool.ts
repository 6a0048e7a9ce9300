import { availableParallelism } from 'node:os';
import { type Worker } from 'node:worker_threads';
import { AggregationError } from '../aggregation.errors';
import { type PassShare, type PassTask, type WorkerReply, type WorkerRequest } from './pass-task';
import { startPassWorker } from './start-worker';

const maximumThreads = 8;

/**
 * Threads that run passes. A service keeps one pool for its life, so that a round does not wait for threads to start; passes
 * queue. Call `close` at the end.
 */
export class PassWorkerPool {
  readonly #workers: Worker[];
  #last: Promise<unknown> = Promise.resolve();

  /** @param size threads; by default as many as there are processors, at most 8 */
  constructor(readonly size: number = Math.min(maximumThreads, availableParallelism())) {
    this.#workers = Array.from({ length: size }, startPassWorker);
  }

  /**
   * @throws AggregationError `AGGREGATION.READ_FAILED` when a file cannot be read to its announced end,
   *   `AGGREGATION.WORKER_LOST` when a thread dies
   */
  async run(task: PassTask): Promise<PassShare[]> {
    const result = this.#last.then(() => this.#runNow(task));
    // A failed pass is its caller's matter; the next one starts all the same.
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #runNow(task: PassTask): Promise<PassShare[]> {
    const replies = await Promise.all(this.#workers.map((worker, self) => ask(worker, { kind: 'pass', self, task })));
    const failed = replies
      .filter((reply) => reply.kind === 'failed')
      .sort((a, b) => Number(a.isEcho) - Number(b.isEcho));
    if (failed[0] !== undefined) {
      throw new AggregationError('AGGREGATION.READ_FAILED', `expected to read every update, got: ${failed[0].message}`);
    }
    return replies.flatMap((reply) => (reply.kind === 'done' ? [reply.share] : []));
  }

  /** Waits until every thread has loaded its code; a pass may be sent before. */
  async ready(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => ask(worker, { kind: 'ping' })));
  }

  /** Stops the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

/** One request, one reply; a thread that dies instead is an error. */
function ask(worker: Worker, request: WorkerRequest): Promise<WorkerReply> {
  return new Promise((resolve, reject) => {
    const lost = (cause: unknown): void => {
      cleanUp();
      reject(
        new AggregationError('AGGREGATION.WORKER_LOST', `expected a reply, the thread ended: ${String(cause)}`, {
          cause,
        }),
      );
    };
    const reply = (message: WorkerReply): void => {
      cleanUp();
      resolve(message);
    };
    const cleanUp = (): void => {
      worker.off('message', reply).off('error', lost).off('exit', lost);
    };
    worker.on('message', reply).on('error', lost).on('exit', lost);
    worker.postMessage(request);
  });
}
