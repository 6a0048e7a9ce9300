import { z } from 'zod';
import { instantSchema, lineSchema, positiveCountSchema, studyIdSchema } from '../messages/primitives';
import { aggregationPlanSchema } from './aggregation-plan.schema';
import { modelPlanSchema, trainingPlanSchema } from './training-plan.schema';
import { transferPlanSchema } from './transfer-plan.schema';

/** When a round closes. `quorum` updates close it at once; at the deadline `minimumSites` are enough. */
export const schedulePlanSchema = z
  .strictObject({
    /** Generations after the supervised generation 0. */
    generations: z.int().min(0).max(1000),
    roundsPerGeneration: z.int().min(1).max(10_000),
    minimumSites: positiveCountSchema,
    quorum: positiveCountSchema,
    deadlineSeconds: positiveCountSchema,
    maximumAttempts: z.int().min(1).max(100),
  })
  .refine((schedule) => schedule.minimumSites <= schedule.quorum, 'expected minimumSites <= quorum');

/** When a candidate becomes the teacher: non-inferior at every reporting site, and enough sites report. */
export const acceptancePlanSchema = z.strictObject({
  metric: z.literal('auc'),
  /** Greatest loss of the metric against the current teacher that still counts as non-inferior. */
  nonInferiorityMargin: z.number().min(0).max(1),
  /** Confidence of the one-sided interval that must stay above minus the margin. */
  confidence: z.number().gt(0.5).lt(1),
  minimumSites: positiveCountSchema,
});

/** Everything a node does in a study, as data. Signed, and called by the hash of its canonical JSON (`planHash`). */
export const studyPlanSchema = z.strictObject({
  type: z.literal('study-plan'),
  version: z.literal(1),
  studyId: studyIdSchema,
  title: lineSchema,
  task: z.strictObject({ finding: lineSchema, positiveClass: lineSchema, negativeClass: lineSchema }),
  model: modelPlanSchema,
  schedule: schedulePlanSchema,
  training: trainingPlanSchema,
  aggregation: aggregationPlanSchema,
  transfer: transferPlanSchema,
  teacher: z.strictObject({
    /** m: per-step EMA momentum; over K steps the coordinator applies m^K at once. 0 copies the student. */
    momentumPerStep: z.number().min(0).max(1),
  }),
  /** A union on `mode`: record-level differential privacy will be a second member. */
  privacy: z.discriminatedUnion('mode', [z.strictObject({ mode: z.literal('none') })]),
  acceptance: acceptancePlanSchema,
  createdAt: instantSchema,
});

export type SchedulePlan = z.infer<typeof schedulePlanSchema>;
export type AcceptancePlan = z.infer<typeof acceptancePlanSchema>;
export type StudyPlan = z.infer<typeof studyPlanSchema>;
