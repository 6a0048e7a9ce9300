import { type Rng } from '@fedistl/core';

import { type BatchShape, type BatchSlot, type RenderJob } from './batch-slot';
import { type ViewConfig, type ViewGroupConfig } from './view-config';
import { drawViewParameters, originalParameters } from './view-parameters';
import { type ViewRenderer } from './view-renderer';

/** What a thread keeps between batches. */
export interface RenderState {
  readonly config: ViewConfig;
  readonly shape: BatchShape;
  readonly rng: Rng;
  readonly renderer: ViewRenderer;
}

/**
 * The random stream of one view. It depends on these three and the seed alone: not on the batch, the thread or what was
 * rendered before. View 0 is the original, then come the global and the local views.
 */
export function viewStream(rng: Rng, id: string, epoch: number, view: number): Rng {
  return rng.stream(`view/${epoch}/${view}/${id}`);
}

/** Takes images of the batch, one at a time, until none is left; any number of threads may do so at once. */
export function renderBatch(state: RenderState, slot: BatchSlot, job: RenderJob): void {
  for (;;) {
    const position = Atomics.add(slot.next, 0, 1);
    const id = job.ids[position];
    if (id === undefined) return;
    renderImage(state, slot, { position, id, epoch: job.epoch, images: job.ids.length });
  }
}

interface ImageTask {
  readonly position: number;
  readonly id: string;
  readonly epoch: number;
  readonly images: number;
}

function renderImage(state: RenderState, slot: BatchSlot, task: ImageTask): void {
  const { config, shape, renderer } = state;
  const { imageWidth: width, imageHeight: height } = shape;
  const length = width * height;
  renderer.setImage({
    width,
    height,
    pixels: slot.images.subarray(task.position * length, (task.position + 1) * length),
  });
  const augmented = (group: ViewGroupConfig, out: Float32Array, firstView: number, firstRow: number): void => {
    const area = group.size * group.size;
    for (let i = 0; i < group.count; i++) {
      const rng = viewStream(state.rng, task.id, task.epoch, firstView + i);
      const parameters = drawViewParameters(rng, group.augmentation, width, height);
      const row = (firstRow + i) * task.images + task.position;
      renderer.renderFloats(parameters, group.size, out.subarray(row * area, (row + 1) * area));
    }
  };
  const globalArea = shape.globalSize * shape.globalSize;
  if (config.original) {
    const out = slot.globals.subarray(task.position * globalArea, (task.position + 1) * globalArea);
    const blurRadius = config.originalBlurRadius ?? null;
    renderer.renderFloats({ ...originalParameters(width, height), blurRadius }, shape.globalSize, out);
  }
  augmented(config.global, slot.globals, 1, config.original ? 1 : 0);
  augmented(config.local, slot.locals, 1 + config.global.count, 0);
}
