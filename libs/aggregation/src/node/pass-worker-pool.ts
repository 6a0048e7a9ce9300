import { availableParallelism } from 'node:os';
import { type Worker } from 'node:worker_threads';
import { AggregationError } from '../aggregation.errors';
import { type PassShare, type PassTask, type WorkerReply, type WorkerRequest } from './pass-task';
import { startPassWorker } from './start-worker';
import { StepBarrier } from './step-barrier';

const maximumThreads = 8;

/** A thread, and whether it still runs. */
interface PoolThread {
  readonly worker: Worker;
  hasEnded: boolean;
}

/**
 * Threads that run passes. A service keeps one pool for its life, so that a round does not wait for threads to start; passes
 * queue. A thread that died is replaced before the next pass. Call `close` at the end.
 */
export class PassWorkerPool {
  readonly #threads: PoolThread[];
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  /**
   * @param size threads; by default as many as there are processors, at most 8
   * @param start makes a thread that runs `pass-worker`
   */
  constructor(
    readonly size: number = Math.min(maximumThreads, availableParallelism()),
    private readonly start: () => Worker = startPassWorker,
  ) {
    this.#threads = Array.from({ length: size }, () => this.#startThread());
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
    this.#replaceEnded();
    const barrier = new StepBarrier(task.memory.buffer, task.plan.control, this.size, 0);
    const answers = this.#threads.map((thread, self) =>
      ask(thread, { kind: 'pass', self, task }).catch((error: unknown) => {
        // The others would wait for the lost one's part for ever.
        barrier.abort();
        throw error;
      }),
    );
    // The memory is free for the next pass only when no thread works on it any more.
    await Promise.allSettled(answers);
    return sharesOf(await Promise.all(answers));
  }

  /** Waits until every thread has loaded its code; a pass may be sent before. */
  async ready(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => ask(thread, { kind: 'ping' })));
  }

  /** Stops the threads; a pass that runs fails with `AGGREGATION.WORKER_LOST`. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#threads.map(({ worker }) => worker.terminate()));
  }

  #startThread(): PoolThread {
    const worker = this.start();
    const thread: PoolThread = { worker, hasEnded: false };
    const end = (): void => {
      thread.hasEnded = true;
    };
    worker.on('error', end).on('exit', end);
    return thread;
  }

  #replaceEnded(): void {
    if (this.#isClosed) return;
    this.#threads.forEach(({ hasEnded }, i) => {
      if (hasEnded) this.#threads[i] = this.#startThread();
    });
  }
}

function sharesOf(replies: readonly WorkerReply[]): PassShare[] {
  const failed = replies.filter((reply) => reply.kind === 'failed').sort((a, b) => Number(a.isEcho) - Number(b.isEcho));
  if (failed[0] !== undefined) {
    throw new AggregationError('AGGREGATION.READ_FAILED', `expected to read every update, got: ${failed[0].message}`);
  }
  return replies.flatMap((reply) => (reply.kind === 'done' ? [reply.share] : []));
}

function lostThread(cause: unknown): AggregationError {
  return new AggregationError('AGGREGATION.WORKER_LOST', `expected a reply, the thread ended: ${String(cause)}`, {
    cause,
  });
}

/** One request, one reply; a thread that has died or dies instead is an error. */
function ask({ worker, hasEnded }: PoolThread, request: WorkerRequest): Promise<WorkerReply> {
  if (hasEnded) return Promise.reject(lostThread('before the request'));
  return new Promise((resolve, reject) => {
    const lost = (cause: unknown): void => {
      cleanUp();
      reject(lostThread(cause));
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
