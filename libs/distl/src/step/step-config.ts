import { type VitConfig } from '@fedistl/vit';
import { type DinoTemperatures } from '../losses/dino-loss';
import { type Clipping } from '../optimiser/clip';

/** What fixes the shapes and constants of a training step; everything that changes from step to step is an input. */
export interface StepConfig {
  readonly model: VitConfig;
  /** B, images a step. */
  readonly batch: number;
  /** Side of the original and of the second global view, in pixels. */
  readonly globalSize: number;
  /** Side of the local views, in pixels. */
  readonly localSize: number;
  /** Local views an image; 0 leaves them out. */
  readonly localViews: number;
  readonly temperatures: DinoTemperatures;
  /** Momentum of the DINO centre. */
  readonly centreMomentum: number;
  /** Gradient clipping; undefined for none. */
  readonly clip: Clipping | undefined;
  /** Recompute blocks in the backward pass, for models that would not fit into memory. */
  readonly rematerialise: boolean;
  /** Drop pseudo-labels of low confidence; the thresholds are then an input. Absent: all count. */
  readonly confidenceFilter?: boolean;
}

export const STEP_DEFAULTS = {
  temperatures: { student: 0.1, teacher: 0.04 },
  centreMomentum: 0.9,
  clip: { scope: 'tensor', threshold: 3 },
  rematerialise: false,
} as const;
