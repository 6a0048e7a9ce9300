import { baseGrid, mlpDim, type VitConfig } from '@fedistl/vit';
import { type StepConfig } from '../step/step-config';

/**
 * Floating-point operations of the matrix products of one step, two for each multiply-add; a backward pass counts twice its
 * forward pass. Elementwise work is left out, and so is recomputation, so that engines can be compared by the useful work.
 */
export function stepFlops({ model, batch, globalSize, localSize, localViews }: StepConfig): number {
  const globals = 2 * batch * backboneFlops(model, globalSize);
  const locals = localViews * batch * backboneFlops(model, localSize);
  const views = (2 + localViews) * batch;
  const dino = dinoHeadFlops(model);
  const teacher = globals + 2 * batch * dino;
  return teacher + 3 * (globals + locals + views * dino);
}

function backboneFlops(model: VitConfig, size: number): number {
  const { embedDim, patchSize, depth, inChannels } = model;
  const patches = (size / patchSize) ** 2;
  const tokens = patches + 1;
  const embedding = patches * inChannels * patchSize ** 2 * embedDim;
  const linears = tokens * embedDim * (4 * embedDim + 2 * mlpDim(model));
  const attention = 2 * tokens ** 2 * embedDim;
  const interpolation = size === model.imageSize ? 0 : patches * baseGrid(model) ** 2 * embedDim;
  return 2 * (embedding + depth * (linears + attention) + interpolation);
}

function dinoHeadFlops({ embedDim, dinoHead }: VitConfig): number {
  const { hiddenDim, bottleneckDim, outDim } = dinoHead;
  return 2 * (embedDim * hiddenDim + hiddenDim ** 2 + hiddenDim * bottleneckDim + bottleneckDim * outDim);
}
