import { type EpochSummary } from '../monitor/epoch-summary';

/** What a run tells of itself as it goes. Stage -1 is self-supervised, 0 supervised, t generation t. */
export type TrainEvent =
  | { readonly kind: 'resumed'; readonly stage: number; readonly step: number; readonly file: string }
  | { readonly kind: 'checkpoint-damaged'; readonly file: string; readonly reason: string }
  | {
      readonly kind: 'stage-started';
      readonly stage: number;
      readonly images: number;
      readonly epochs: number;
      readonly steps: number;
    }
  | {
      readonly kind: 'step';
      readonly stage: number;
      readonly epoch: number;
      /** 0-based, of `steps` in the stage. */
      readonly step: number;
      readonly steps: number;
      readonly learningRate: number;
      readonly loss: number;
      readonly dino: number | null;
      readonly classification: number;
    }
  | { readonly kind: 'correction'; readonly stage: number; readonly step: number; readonly loss: number }
  | ({ readonly kind: 'epoch' } & EpochSummary)
  | { readonly kind: 'checkpoint'; readonly stage: number; readonly step: number; readonly file: string }
  | { readonly kind: 'stage-ended'; readonly stage: number };
