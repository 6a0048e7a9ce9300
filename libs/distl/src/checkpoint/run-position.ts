import { z } from 'zod';
import { type EpochSums } from '../monitor/epoch-summary';

const count = z.int().min(0);

const sums = z.strictObject({
  steps: count,
  loss: z.number(),
  dino: z.number(),
  classification: z.number(),
  dinoSteps: count,
  entropy: z.number(),
  information: z.number(),
  retained: z.number(),
  probabilities: z.number(),
  squaredProbabilities: z.number(),
  images: count,
  corrections: count,
  correctionLoss: z.number(),
}) satisfies z.ZodType<EpochSums>;

/**
 * Where a run stands, beside its tensors. All randomness is drawn from streams that are named by the seed and this position,
 * so no generator state has to be kept.
 */
export const positionSchema = z.strictObject({
  /** -1 self-supervised, 0 supervised, t generation t. */
  stage: z.int().min(-1),
  /** Steps of the stage that are done, each with the correction pass that follows it. */
  step: count,
  /** AdamW updates in the stage, corrections included. */
  updates: count,
  /** Likewise of the DINO head's last layer, which is frozen at first. */
  lastLayerUpdates: count,
  /** Correction passes done in the stage. */
  passes: count,
  /** The epoch so far. */
  sums,
});

export type RunPosition = Readonly<z.infer<typeof positionSchema>>;
