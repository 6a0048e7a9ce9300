import { ENGINE_NAMES, PROVIDERS } from '@fedistl/compute';
import { parseSiteId } from '@fedistl/core';
import { studyPlanSchema } from '@fedistl/protocol';
import { z } from 'zod';
import { trainedUpdateSchema } from '../rounds/round-position';

export const engineOptionsSchema = z.strictObject({
  engine: z.enum(ENGINE_NAMES),
  provider: z.enum(PROVIDERS).optional(),
  threads: z.int().min(1).optional(),
});

const common = {
  siteId: z.string().transform(parseSiteId),
  plan: studyPlanSchema,
  dataDirectory: z.string(),
  dataSet: z.string(),
  /** Class or finding that is label 1; null takes the data set's own. */
  positive: z.string().nullable(),
  engine: engineOptionsSchema,
};

/** What the training process is told to do, in a file: it needs nothing else, so that it can be started again. */
export const trainingJobSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('train'),
    ...common,
    generation: z.int().min(0),
    round: z.int().min(1),
    files: z.strictObject({ student: z.string(), teacher: z.string().nullable(), centre: z.string().nullable() }),
    /** What rounding lost in the round before, for an encoding with error feedback. */
    residual: z.string().nullable(),
    /** Part of the time that the engine's device is used at most; the rest is left to others. */
    deviceShare: z.number().gt(0).max(1),
    /** Of this round alone: checkpoints, update, result. */
    directory: z.string(),
  }),
  z.strictObject({
    kind: z.literal('evaluate'),
    ...common,
    generation: z.int(),
    files: z.strictObject({ candidate: z.string(), reference: z.string().nullable() }),
  }),
]);

export type TrainingJob = z.infer<typeof trainingJobSchema>;

export const trainingProgressMessageSchema = z.strictObject({
  type: z.literal('progress'),
  step: z.int().min(0),
  steps: z.int().min(0),
  loss: z.number().nullable(),
  imagesPerSecond: z.number().min(0).nullable(),
  etaSeconds: z.number().min(0).nullable(),
});

/** What the training process says over its channel. */
export const trainingMessageSchema = z.discriminatedUnion('type', [
  trainingProgressMessageSchema,
  z.strictObject({ type: z.literal('trained'), update: trainedUpdateSchema }),
  z.strictObject({ type: z.literal('evaluated'), metrics: z.record(z.string(), z.unknown()) }),
  /** It was asked to stop, and will go on from its checkpoint. */
  z.strictObject({ type: z.literal('stopped') }),
  /** It cannot be done; trying again would end the same. The code alone: a message could name a file. */
  z.strictObject({ type: z.literal('failed'), code: z.string() }),
]);

export type TrainingMessage = z.infer<typeof trainingMessageSchema>;
export type JobProgress = Omit<z.infer<typeof trainingProgressMessageSchema>, 'type'>;
