import { type Rng } from '@fedistl/core';
import { initialiseParameters, scaledStart, type VitConfig } from '@fedistl/vit';
import { type TrainConfig } from '../config/train-config';

/** The weights that a run starts from when it is given none. */
export function randomStart({ start }: TrainConfig, model: VitConfig, rng: Rng): Map<string, Float32Array> {
  return start === 'scaled' ? scaledStart(model, rng) : initialiseParameters(model, rng);
}
