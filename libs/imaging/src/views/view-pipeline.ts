import { availableParallelism } from 'node:os';

import { type BatchRenderer, createInlineRenderer, WorkerRenderer } from './batch-renderer';
import { type BatchShape, batchShape, type BatchSlot, createSlot } from './batch-slot';
import { checkGrey8 } from './grey8';
import { checkViewConfig, type ViewConfig } from './view-config';
import { ViewsError } from './views.errors';

/** Where the pipeline gets its images: all 8-bit grey and of one size, as the data-set cache holds them. */
export interface PixelSource {
  readonly width: number;
  readonly height: number;
  /** Number of images. */
  readonly count: number;
  /** Stable name of an image (its content hash); with seed, epoch and view it fixes the view's pixels. */
  id(index: number): string;
  /** Copies image `index` into `out` ([height, width], shared memory). */
  read(index: number, out: Uint8Array): void | Promise<void>;
}

/** Images to put into one batch, by their index in the source. */
export interface BatchRequest {
  readonly epoch: number;
  readonly indices: readonly number[];
}

/** Views of n images. The arrays are memory of the pipeline: they hold until the next batch is asked for. */
export interface ViewBatch extends BatchRequest {
  /** [globals * n, size, size], level / 255: the originals of all images, then each further global view of all images. */
  readonly globals: Float32Array;
  /** [locals * n, size, size], likewise view by view. */
  readonly locals: Float32Array;
  readonly shape: BatchShape;
}

export interface ViewPipelineOptions {
  readonly source: PixelSource;
  readonly config: ViewConfig;
  /** Seed of every view; logged with the run. */
  readonly seed: number | string;
  /** Most images in a batch. */
  readonly batchSize: number;
  /** Worker threads; 0 renders on the calling thread. Default: the cores, at most 4. The views do not depend on it. */
  readonly workers?: number;
  /** Batches rendered ahead of the one in use. Default 1: double buffering. */
  readonly ahead?: number;
}

/**
 * Makes batches of views ahead of the trainer.
 *
 * ```ts
 * for await (const batch of pipeline.batches(requests)) train(batch.globals, batch.locals);
 * ```
 *
 * While one batch is in use the next is rendered in other memory, so the trainer waits only when views are slower than it is.
 */
export class ViewPipeline {
  readonly #source: PixelSource;
  readonly #shape: BatchShape;
  readonly #slots: readonly BatchSlot[];
  readonly #renderer: BatchRenderer;
  #iterating = false;
  #closed = false;

  /** @throws ViewsError VIEWS.CONFIG, VIEWS.IMAGE */
  constructor(options: ViewPipelineOptions) {
    const { source, config, seed, batchSize, ahead = 1 } = options;
    const workers = options.workers ?? Math.min(4, availableParallelism());
    checkViewConfig(config);
    checkCount('batchSize', batchSize, 1, 65_536);
    checkCount('workers', workers, 0, 256);
    checkCount('ahead', ahead, 0, 64);
    checkGrey8({ width: source.width, height: source.height, pixels: new Uint8Array(source.width * source.height) });
    this.#source = source;
    this.#shape = batchShape(config, batchSize, source.width, source.height);
    this.#slots = Array.from({ length: ahead + 1 }, () => createSlot(this.#shape));
    const data = { config, shape: this.#shape, seed, slots: this.#slots };
    this.#renderer = workers === 0 ? createInlineRenderer(data) : new WorkerRenderer(data, workers);
  }

  get shape(): BatchShape {
    return this.#shape;
  }

  /**
   * Yields the batches asked for, in order. One iteration at a time.
   *
   * @throws ViewsError VIEWS.CLOSED, VIEWS.BUSY, VIEWS.SOURCE (bad request), VIEWS.WORKER; what the source throws
   */
  async *batches(requests: Iterable<BatchRequest>): AsyncGenerator<ViewBatch, void, undefined> {
    if (this.#closed) throw new ViewsError('VIEWS.CLOSED', 'the view pipeline is closed');
    if (this.#iterating) throw new ViewsError('VIEWS.BUSY', 'the view pipeline is already making batches');
    this.#iterating = true;
    const iterator = requests[Symbol.iterator]();
    const started: Promise<ViewBatch>[] = [];
    let slot = 0;
    const start = (): boolean => {
      const request = iterator.next();
      if (request.done === true) return false;
      const batch = this.#fill(slot, request.value);
      // A failure is raised when its turn comes; until then it is not unhandled.
      batch.catch(() => undefined);
      started.push(batch);
      slot = (slot + 1) % this.#slots.length;
      return true;
    };
    try {
      while (started.length < this.#slots.length && start());
      for (let batch = started.shift(); batch !== undefined; batch = started.shift()) {
        yield await batch;
        start();
      }
    } finally {
      iterator.return?.();
      await Promise.allSettled(started);
      this.#iterating = false;
    }
  }

  /** Ends the workers. A batch under way fails with VIEWS.WORKER. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#renderer.close();
  }

  async #fill(slotIndex: number, request: BatchRequest): Promise<ViewBatch> {
    const { epoch, indices } = request;
    const slot = this.#slots[slotIndex];
    const shape = this.#shape;
    if (slot === undefined) throw new ViewsError('VIEWS.SOURCE', `no slot ${slotIndex}`);
    this.#checkRequest(request);
    const length = shape.imageWidth * shape.imageHeight;
    for (const [position, index] of indices.entries()) {
      await this.#source.read(index, slot.images.subarray(position * length, (position + 1) * length));
    }
    await this.#renderer.render(slotIndex, { epoch, ids: indices.map((index) => this.#source.id(index)) });
    const globals = indices.length * shape.globalCount * shape.globalSize ** 2;
    const locals = indices.length * shape.localCount * shape.localSize ** 2;
    return {
      epoch,
      indices,
      globals: slot.globals.subarray(0, globals),
      locals: slot.locals.subarray(0, locals),
      shape,
    };
  }

  #checkRequest({ epoch, indices }: BatchRequest): void {
    const { count } = this.#source;
    if (indices.length < 1 || indices.length > this.#shape.batchSize) {
      const limit = this.#shape.batchSize;
      throw new ViewsError('VIEWS.SOURCE', `expected 1 to ${limit} images in a batch, got ${indices.length}`);
    }
    if (!Number.isSafeInteger(epoch) || epoch < 0) {
      throw new ViewsError('VIEWS.SOURCE', `expected a whole epoch of 0 or more, got ${epoch}`);
    }
    const wrong = indices.find((index) => !Number.isInteger(index) || index < 0 || index >= count);
    if (wrong !== undefined)
      throw new ViewsError('VIEWS.SOURCE', `expected image indices below ${count}, got ${wrong}`);
  }
}

function checkCount(field: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new ViewsError('VIEWS.CONFIG', `views.${field}: expected ${least} to ${most}, got ${value}`, {
      field,
      value,
    });
  }
}
