import { z } from 'zod';
import { countSchema, fractionSchema, positiveCountSchema, positiveSchema } from '../messages/primitives';
import { viewsPlanSchema } from './views-plan.schema';

const notNegative = z.number().min(0);

/** Architecture by numbers: a node builds it from these, nothing is shipped as code. Lengths in pixels of the input. */
export const modelPlanSchema = z.strictObject({
  /** What people call it. */
  preset: z.string().regex(/^[a-z0-9-]{1,40}$/),
  /** Side that the learned position grid belongs to. */
  imageSize: positiveCountSchema,
  patchSize: positiveCountSchema,
  inChannels: z.union([z.literal(1), z.literal(3)]),
  embedDim: positiveCountSchema,
  depth: positiveCountSchema,
  numHeads: positiveCountSchema,
  mlpRatio: positiveSchema,
  layerNormEps: positiveSchema,
  /** Stochastic depth of the last block. */
  dropPathRate: z.number().min(0).lt(1),
  /** `outDim` is K, the number of prototypes. */
  dinoHead: z.strictObject({
    hiddenDim: positiveCountSchema,
    bottleneckDim: positiveCountSchema,
    outDim: positiveCountSchema,
  }),
  /** A study has one finding. */
  classHead: z.strictObject({ hiddenDim: positiveCountSchema, findings: z.literal(1) }),
});

/**
 * Length and rates of a kind of generation. A generation has S = rounds * stepsPerRound steps, the same at every site, in
 * `epochs` equal parts: ramp, warm-up and freezing are counted in these, however many images a site has.
 */
const courseShape = {
  stepsPerRound: positiveCountSchema,
  epochs: positiveCountSchema,
  learningRate: z.strictObject({
    /** Highest rate, for a batch of 16; scaled by batchSize / 16. */
    peak: positiveSchema,
    /** Where the cosine ends. */
    final: notNegative,
    /** Epochs of linear rise from 0. */
    warmUpEpochs: notNegative,
  }),
  /** Decoupled decay: half a cosine over the generation. */
  weightDecay: z.strictObject({ start: notNegative, end: notNegative }),
};

const confidenceSchema = z.number().min(0.5).max(1);

/** A site's work in generations from 1 on: unlabelled steps, and corrections where it has labels. */
const generationCourseSchema = z.strictObject({
  ...courseShape,
  /** Weights of the loss terms; `correctionDino` 0 corrects by the cheaper supervised step. */
  weights: z.strictObject({
    dino: notNegative,
    pseudoLabel: notNegative,
    supervised: notNegative,
    correctionDino: notNegative,
  }),
  /** `linear`: alpha(e) = 2 (e + 1) / epochs multiplies the pseudo-label term; `none`: 1 throughout. */
  pseudoLabelRamp: z.enum(['linear', 'none']),
  temperatures: z.strictObject({ student: positiveSchema, teacher: positiveSchema }),
  centreMomentum: fractionSchema,
  /** What a generation starts its centre from: zero, or where the last one ended. */
  centreStart: z.enum(['reset', 'carry']),
  /** Epochs in which the DINO head's last layer is left alone. One that is left out of the exchange never moves. */
  freezeLastLayerEpochs: countSchema,
  correction: z.strictObject({
    /** A pass over the labelled images after every so many steps of the generation; 0 makes none. */
    everySteps: countSchema,
    start: z.enum(['first-step', 'after-warm-up']),
    order: z.enum(['same', 'reshuffled']),
  }),
  /** Least probability that the teacher must give a class for its pseudo-label to count, by class; null lets all count. */
  confidence: z.strictObject({ positive: confidenceSchema, negative: confidenceSchema }).nullable(),
  onCollapse: z.enum(['stop', 'report']),
});

/**
 * Everything that fixes a site's work in a round (DISTL; symbols in docs/glossary.md). Complete: nothing that changes a
 * result is left to a node's build.
 */
export const trainingPlanSchema = z.strictObject({
  seed: countSchema,
  batchSize: positiveCountSchema,
  views: viewsPlanSchema,
  /** Moments start at zero in every round: they stay at the site. */
  adamw: z.strictObject({ beta1: fractionSchema, beta2: fractionSchema, epsilon: positiveSchema }),
  /** Gradient clipping, each tensor by its own norm or all by the common one; null for none. */
  clip: z.strictObject({ scope: z.enum(['tensor', 'global']), threshold: positiveSchema }).nullable(),
  /** A site with fewer images of a kind than a batch: `refuse` to train on them, or `repeat` them until a batch is full. */
  shortBatches: z.enum(['refuse', 'repeat']),
  /** FedProx mu: pulls the student back to the round's start; 0 switches it off. */
  proximal: notNegative,
  /** Generation 0: supervised, on labelled images. */
  initial: z.strictObject(courseShape),
  /** Generations from 1 on. */
  generation: generationCourseSchema,
});

export type ModelPlan = z.infer<typeof modelPlanSchema>;
export type TrainingPlan = z.infer<typeof trainingPlanSchema>;
