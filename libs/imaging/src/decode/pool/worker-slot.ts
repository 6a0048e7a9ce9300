import { type Worker } from 'node:worker_threads';
import { launchWorker } from '@fedistl/core/node';
import { DecodeError } from '../decode.errors';
import { type DecodeJob, type WorkerMessage } from './worker-messages';

export interface WorkerLimits {
  /** Longest time that one file may take. */
  readonly timeoutMs: number;
  /** Largest JavaScript heap of a thread. Pixels and codecs live outside it, under limits of their own. */
  readonly heapMegabytes: number;
}

type Answer = Exclude<WorkerMessage, { readonly type: 'ready' | 'refused' }>;

/**
 * One decoding thread, started when it is first needed and replaced when it fails.
 *
 * A file that hangs a codec costs its thread, which is stopped; a file that crashes one, likewise. The next file gets a new
 * thread.
 */
export class WorkerSlot {
  readonly #limits: WorkerLimits;
  #worker: Worker | undefined;
  #ready: Promise<Worker> | undefined;
  #closed = false;

  constructor(limits: WorkerLimits) {
    this.#limits = limits;
  }

  /** Runs one job; the slot must be idle. @throws DecodeError the file's own refusal, or IMAGING.TIMEOUT, .MEMORY, .WORKER_CRASHED */
  async run(job: DecodeJob): Promise<Answer> {
    if (this.#closed) throw poolClosed();
    const worker = await this.#start();
    worker.ref();
    try {
      const message = await this.#exchange(worker, job);
      if (message.type === 'refused') throw new DecodeError(message.code, message.message);
      if (message.type === 'ready')
        throw new DecodeError('IMAGING.WORKER_CRASHED', 'the decoding thread restarted itself');
      return message;
    } finally {
      // An idle thread must not keep the process alive.
      worker.unref();
    }
  }

  #start(): Promise<Worker> {
    this.#ready ??= new Promise((resolve, reject) => {
      const worker = launchWorker(require.resolve('./decode-worker'), undefined, {
        name: 'fedistl-decode',
        resourceLimits: { maxOldGenerationSizeMb: this.#limits.heapMegabytes },
      });
      this.#worker = worker;
      const forget = (): void => {
        if (this.#worker !== worker) return;
        this.#worker = undefined;
        this.#ready = undefined;
      };
      worker.once('message', () => {
        resolve(worker);
      });
      // Without these listeners an error in an idle thread would end the process.
      const end = (): void => {
        forget();
        reject(
          this.#closed
            ? poolClosed()
            : new DecodeError('IMAGING.WORKER_CRASHED', 'the decoding thread could not start'),
        );
      };
      worker.on('error', end);
      worker.on('exit', end);
    });
    return this.#ready;
  }

  #exchange(worker: Worker, job: DecodeJob): Promise<WorkerMessage> {
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        worker.off('message', onMessage);
        worker.off('error', onError);
        worker.off('exit', onExit);
        finish();
      };
      const fail = (error: DecodeError): void => {
        settle(() => {
          reject(error);
        });
      };
      const onMessage = (message: WorkerMessage): void => {
        settle(() => {
          resolve(message);
        });
      };
      const onError = (error: Error): void => {
        fail(crash(error));
      };
      const onExit = (): void => {
        const message = 'the decoding thread ended while it decoded the file';
        fail(this.#closed ? poolClosed() : new DecodeError('IMAGING.WORKER_CRASHED', message));
      };
      const timer = setTimeout(() => {
        void this.stop();
        fail(new DecodeError('IMAGING.TIMEOUT', `expected the file to be decoded within ${this.#limits.timeoutMs} ms`));
      }, this.#limits.timeoutMs);
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.on('exit', onExit);
      worker.postMessage(job);
    });
  }

  /** Stops the thread for good. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.stop();
  }

  /** Stops the thread; a later job starts a new one. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#ready = undefined;
    await worker?.terminate();
  }
}

/** What a file gets that was given to a pool that is closed, or closes meanwhile. */
export function poolClosed(): DecodeError {
  return new DecodeError('IMAGING.POOL_CLOSED', 'the decode pool was closed');
}

function crash(error: Error): DecodeError {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return new DecodeError('IMAGING.MEMORY', 'the file needs more memory than a decoding thread may use');
  }
  return new DecodeError('IMAGING.WORKER_CRASHED', 'the decoding thread failed on the file');
}
