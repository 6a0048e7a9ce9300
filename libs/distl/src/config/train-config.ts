import { z } from 'zod';

const positive = z.number().positive();
const share = z.number().min(0).max(1);
const count = z.int().min(0);

/** Shape of a training configuration. Sources: sections of the method's dossier (docs/algorithms.md). */
export const trainConfigSchema = z.strictObject({
  /** Random weights that a run without others starts from: as in the released code, or `scaled` to the network's width (libs/vit, `scaledStart`). */
  start: z.enum(['published', 'scaled']),
  /** Images a step, B. Released code: 16 over two GPUs. */
  batch: z.int().min(1),
  /** Passes over the images of a stage. Released code: 5 for both. */
  epochs: z.strictObject({ initial: z.int().min(1), generation: z.int().min(1) }).readonly(),
  /**
   * Steps that a stage has at least: a small set is gone through more often than `epochs` says, as often as these need. Released
   * code: none (0).
   */
  leastSteps: z.strictObject({ initial: count, generation: count }).readonly(),
  learningRate: z
    .strictObject({
      /** Highest rate, at the end of the warm-up, for a batch of 16; scaled by B/16. Released code: 5e-5. */
      peak: positive,
      /** Where the cosine ends. Released code: 1e-6. */
      final: z.number().min(0),
      /** Epochs of linear rise from 0. Released code: 1. */
      warmupEpochs: z.number().min(0),
    })
    .readonly(),
  /** Decoupled decay of every tensor with two or more axes that is no bias: a half cosine over a stage. Released code: 0.01 to 0.01. */
  weightDecay: z.strictObject({ start: z.number().min(0), end: z.number().min(0) }).readonly(),
  /** AdamW, arXiv 1711.05101. Released code: 0.9, 0.999, 1e-8. */
  adamw: z.strictObject({ beta1: share, beta2: share, epsilon: positive }).readonly(),
  /** Gradient clipping; null for none. Released code: each tensor by its own norm at 3. */
  clip: z
    .strictObject({ scope: z.enum(['tensor', 'global']), threshold: positive })
    .readonly()
    .nullable(),
  /** τ_s and τ_t of the DINO term. Released code: 0.1 and 0.04. */
  temperatures: z.strictObject({ student: positive, teacher: positive }).readonly(),
  /** Share of the old centre that stays at each step. Released code: 0.9. */
  centreMomentum: share,
  /** What a generation starts its centre from: `reset` to zero (released code) or `carry` the last one on. */
  centreStart: z.enum(['reset', 'carry']),
  /** Weights of the loss terms. Released code: λ = 0.5 for DINO, 1 - λ for the other term. */
  weights: z
    .strictObject({
      /** DINO term of an unlabelled step. */
      dino: z.number().min(0),
      /** Pseudo-label term; the ramp multiplies it. */
      pseudoLabel: z.number().min(0),
      /** Supervised term of a correction step. */
      supervised: z.number().min(0),
      /** DINO term of a correction step; 0 corrects by the cheaper supervised step. Released code: 0.5. */
      correctionDino: z.number().min(0),
    })
    .readonly(),
  /** `linear`: α(e) = 2(e + 1)/E (released code); `none`: 1 throughout. */
  pseudoLabelRamp: z.enum(['linear', 'none']),
  /**
   * Least probability that the teacher must give a class for its pseudo-label to count, by class (FixMatch, arXiv 2001.07685,
   * with a threshold for each class, since the rarer one is seldom as sure); null lets all count, as in the released code.
   */
  confidence: z
    .strictObject({ positive: z.number().min(0.5).max(1), negative: z.number().min(0.5).max(1) })
    .readonly()
    .nullable(),
  /**
   * Before T = initial, for networks that start from random weights: this many epochs of the DINO term alone on the unlabelled
   * images of folds 1 to `folds`; T = initial starts from its teacher. null for none (released code: starts from a network
   * trained on CheXpert).
   */
  selfSupervision: z
    .strictObject({ epochs: z.int().min(1), folds: z.int().min(1) })
    .readonly()
    .nullable(),
  /** Fewer images than a batch: `refuse` them, or `repeat` them until a batch is full. */
  shortBatches: z.enum(['refuse', 'repeat']),
  correction: z
    .strictObject({
      /**
       * Unlabelled steps from one correction pass to the next, 0 for none (released code: 500); or that number for each batch of
       * a pass, so that small and large labelled sets are seen at the same rate.
       */
      everySteps: z.union([count, z.strictObject({ perLabelledBatch: positive }).readonly()]),
      /** `first-step`: also at step 0, where the rate is 0 (released code); `after-warm-up`: not before the warm-up ended. */
      start: z.enum(['first-step', 'after-warm-up']),
      /** Order of the labelled images: the `same` in every pass (released code) or `reshuffled`. */
      order: z.enum(['same', 'reshuffled']),
    })
    .readonly(),
  /**
   * How the teacher follows: by a momentum of `base` at the first step, or by one chosen such that `startShare` of the
   * starting teacher is left after the generation's last step. Released code: base 0.9995.
   */
  teacher: z.union([
    z.strictObject({ base: share }).readonly(),
    z.strictObject({ startShare: z.number().gt(0).lt(1) }).readonly(),
  ]),
  /** Epochs of a stage in which the DINO head's last layer is left alone. Released code: 1. */
  frozenLastLayerEpochs: count,
  /** What a collapse does (monitor/collapse.ts): `stop` the run, or only `report`. The released code does not look. */
  onCollapse: z.enum(['stop', 'report']),
  /** Steps between two checkpoints; the end of a stage is one too. */
  checkpointEverySteps: z.int().min(1),
  /** Recompute blocks in the backward pass: less memory, more time. */
  rematerialise: z.boolean(),
});

/** Every hyper-parameter of a run; what a field means stands at the schema. */
export type TrainConfig = Readonly<z.infer<typeof trainConfigSchema>>;
