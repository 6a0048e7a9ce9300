import { availableParallelism } from 'node:os';
import { type RadiographOptions } from '../../radiograph/radiograph-options';
import { type DecodedFile, type DecodeOptions, type FileFacts, type RadiographFile } from '../decoded-file';
import { DecodeError } from '../decode.errors';
import { SensitiveText } from '../sensitive-text';
import { type ClonedFacts, type DecodeJob, type DecodeSource } from './worker-messages';
import { poolClosed, WorkerSlot } from './worker-slot';

export interface DecodePoolOptions {
  /** Threads; default one a core, at most eight. */
  readonly workers?: number;
  /** Longest time for one file, ms; default 60 000. 18 megapixels of JPEG 2000 took 12 s on a busy machine. */
  readonly timeoutMs?: number;
  /** JavaScript heap of one thread, MiB; default 512. */
  readonly heapMegabytes?: number;
}

export interface RadiographRequest {
  readonly decode?: DecodeOptions;
  readonly radiograph?: Partial<RadiographOptions>;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_HEAP_MEGABYTES = 512;
const MAX_DEFAULT_WORKERS = 8;

/**
 * Decodes files in worker threads, each with a limit on time and memory: a file that hangs or crashes a codec is refused
 * like any other bad file, and the service goes on.
 *
 * Threads start on first use, keep their codecs warm, and do not keep the process alive. Calls beyond the number of threads
 * wait in order.
 */
export class DecodePool {
  readonly #slots: readonly WorkerSlot[];
  readonly #idle: WorkerSlot[];
  readonly #waiting: { readonly resolve: (slot: WorkerSlot) => void; readonly reject: (error: Error) => void }[] = [];
  #closed = false;

  /** @throws DecodeError IMAGING.OPTIONS for anything but positive integers */
  constructor(options: DecodePoolOptions = {}) {
    const workers = options.workers ?? Math.min(availableParallelism(), MAX_DEFAULT_WORKERS);
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    const heapMegabytes = options.heapMegabytes ?? DEFAULT_HEAP_MEGABYTES;
    for (const value of [workers, timeoutMs, heapMegabytes]) {
      if (!Number.isInteger(value) || value < 1) {
        throw new DecodeError('IMAGING.OPTIONS', `expected positive integers for the decode pool, got ${value}`);
      }
    }
    this.#slots = Array.from({ length: workers }, () => new WorkerSlot({ timeoutMs, heapMegabytes }));
    this.#idle = [...this.#slots];
  }

  /** Files that are decoded at the same time. */
  get concurrency(): number {
    return this.#slots.length;
  }

  /** Stored values and header facts of a file. @throws DecodeError */
  async decode(source: string | Uint8Array, options: DecodeOptions = {}): Promise<DecodedFile> {
    const answer = await this.#run({ source: sourceOf(source), options, radiograph: null });
    if (answer.type !== 'stored')
      throw new DecodeError('IMAGING.UNEXPECTED', 'the decoding thread gave another kind of answer');
    return { ...factsOf(answer.facts), stored: answer.stored };
  }

  /** A file taken to the square grey image; the stored values never leave the thread. @throws DecodeError */
  async radiograph(source: string | Uint8Array, request: RadiographRequest = {}): Promise<RadiographFile> {
    const { decode = {}, radiograph = {} } = request;
    const answer = await this.#run({ source: sourceOf(source), options: decode, radiograph });
    if (answer.type !== 'radiograph')
      throw new DecodeError('IMAGING.UNEXPECTED', 'the decoding thread gave another kind of answer');
    return { ...factsOf(answer.facts), image: answer.image, greyOrigin: answer.greyOrigin };
  }

  async #run(job: DecodeJob): ReturnType<WorkerSlot['run']> {
    const slot = await this.#take();
    try {
      return await slot.run(job);
    } finally {
      this.#release(slot);
    }
  }

  async #take(): Promise<WorkerSlot> {
    if (this.#closed) throw poolClosed();
    const slot = this.#idle.pop();
    if (slot !== undefined) return slot;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  #release(slot: WorkerSlot): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(slot);
    else next.resolve(slot);
  }

  /** Stops all threads. Files being decoded and files that wait are refused with IMAGING.POOL_CLOSED. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) reject(poolClosed());
    await Promise.all(this.#slots.map((slot) => slot.close()));
  }
}

function sourceOf(source: string | Uint8Array): DecodeSource {
  return typeof source === 'string' ? { path: source } : { bytes: source };
}

function factsOf({ patientId, header, ...facts }: ClonedFacts): FileFacts {
  return { ...facts, header: { ...header, patientId: patientId === null ? null : new SensitiveText(patientId) } };
}
