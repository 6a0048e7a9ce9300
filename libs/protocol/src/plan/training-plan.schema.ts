import { z } from 'zod';
import { countSchema, fractionSchema, positiveCountSchema, positiveSchema } from '../messages/primitives';

/** Area of a random crop as a fraction of the image: [smallest, largest]. */
const areaSchema = z
  .tuple([fractionSchema, fractionSchema])
  .refine(([low, high]) => low <= high, 'expected low <= high');

/** Architecture by numbers: a node builds it from these, nothing is shipped as code. */
export const modelPlanSchema = z.strictObject({
  preset: z.string().regex(/^[a-z0-9-]{1,40}$/),
  imageSize: positiveCountSchema,
  patchSize: positiveCountSchema,
  width: positiveCountSchema,
  depth: positiveCountSchema,
  heads: positiveCountSchema,
  /** K, outputs of the DINO head. */
  prototypes: positiveCountSchema,
});

/** One site's work in one round (DISTL; symbols in docs/glossary.md). */
export const trainingPlanSchema = z.strictObject({
  stepsPerRound: positiveCountSchema,
  batchSize: positiveCountSchema,
  seed: countSchema,
  views: z.strictObject({
    localCrops: z.int().min(0).max(32),
    localSize: positiveCountSchema,
    globalArea: areaSchema,
    localArea: areaSchema,
  }),
  loss: z.strictObject({
    /** lambda: share of the DINO term; 1 - lambda is left to self-training or correction. */
    lambda: fractionSchema,
    /** alpha(e) rises linearly to this value over the generation. */
    alphaEnd: z.number().min(0),
    studentTemperature: positiveSchema,
    teacherTemperature: positiveSchema,
    centreMomentum: fractionSchema,
    /** FedProx mu: weight of half the squared distance to the round's start; 0 switches it off. */
    proximal: z.number().min(0),
    /** Least confidence max(p, 1 - p) at which a pseudo-label counts as accepted; 0.5 accepts all. */
    acceptConfidence: z.number().min(0.5).max(1),
  }),
  optimiser: z.strictObject({
    name: z.literal('adamw'),
    peakLearningRate: positiveSchema,
    finalLearningRate: z.number().min(0),
    warmUpSteps: countSchema,
    weightDecay: z.number().min(0),
    /** Greatest norm of each parameter tensor's gradient. */
    clipNorm: positiveSchema,
    freezeLastLayerSteps: countSchema,
  }),
  correction: z.strictObject({
    /** A pass over the labelled images after every so many unlabelled steps; 0 makes none. */
    everySteps: countSchema,
  }),
});

export type ModelPlan = z.infer<typeof modelPlanSchema>;
export type TrainingPlan = z.infer<typeof trainingPlanSchema>;
