import { type VitConfig } from '@fedistl/vit';
import { type TrainConfig } from '../config/train-config';
import { type StepConfig } from '../step/step-config';

/** The network of a run and the sizes of the views that it sees. */
export interface Network {
  readonly model: VitConfig;
  /** Sides in pixels. */
  readonly globalSize: number;
  readonly localSize: number;
  /** Local views an image. */
  readonly localViews: number;
}

/** What fixes the programs of a run. */
export function stepConfigOf(config: TrainConfig, network: Network): StepConfig {
  const { batch, temperatures, centreMomentum, clip, rematerialise } = config;
  const confidenceFilter = config.confidence !== null;
  return { ...network, batch, temperatures, centreMomentum, clip: clip ?? undefined, rematerialise, confidenceFilter };
}
