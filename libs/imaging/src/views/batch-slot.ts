import { type ViewConfig, viewCounts } from './view-config';

/** Shape of everything in a batch; the same for a whole run. */
export interface BatchShape {
  readonly batchSize: number;
  readonly imageWidth: number;
  readonly imageHeight: number;
  readonly globalCount: number;
  readonly globalSize: number;
  readonly localCount: number;
  readonly localSize: number;
}

export function batchShape(config: ViewConfig, batchSize: number, width: number, height: number): BatchShape {
  const { globals, locals } = viewCounts(config);
  return {
    batchSize,
    imageWidth: width,
    imageHeight: height,
    globalCount: globals,
    globalSize: config.global.size,
    localCount: locals,
    localSize: config.local.size,
  };
}

/**
 * Shared memory of one batch: pixels in, floats out. Every thread sees the same bytes, so neither images nor views are
 * ever posted between threads.
 */
export interface BatchSlot {
  /** One Int32: the next image of the batch that no thread has taken yet. */
  readonly next: Int32Array;
  /** [batchSize, imageHeight, imageWidth] */
  readonly images: Uint8Array;
  /** [globalCount * n, globalSize, globalSize] for a batch of n images, view by view: all first views, then all second. */
  readonly globals: Float32Array;
  /** [localCount * n, localSize, localSize], likewise. */
  readonly locals: Float32Array;
}

export function createSlot(shape: BatchShape): BatchSlot {
  const { batchSize: n } = shape;
  const floats = (count: number, size: number): Float32Array =>
    new Float32Array(new SharedArrayBuffer(4 * n * count * size * size));
  return {
    next: new Int32Array(new SharedArrayBuffer(4)),
    images: new Uint8Array(new SharedArrayBuffer(n * shape.imageWidth * shape.imageHeight)),
    globals: floats(shape.globalCount, shape.globalSize),
    locals: floats(shape.localCount, shape.localSize),
  };
}

/** What to render from a slot's images. */
export interface RenderJob {
  readonly epoch: number;
  /** Of each image, in the order of the slot; names the image's random streams. */
  readonly ids: readonly string[];
}
