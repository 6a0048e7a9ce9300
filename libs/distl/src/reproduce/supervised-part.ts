import { type TrainConfig } from '../config/train-config';

/** The settings that supervised training depends on: not what only generations have, and not how often it is saved. */
export function supervisedPart(config: TrainConfig): Partial<TrainConfig> {
  const { start, batch, learningRate, weightDecay, adamw, clip, shortBatches, frozenLastLayerEpochs } = config;
  return { start, batch, learningRate, weightDecay, adamw, clip, shortBatches, frozenLastLayerEpochs };
}
