import { z } from 'zod';
import {
  attemptSchema,
  countSchema,
  generationSchema,
  instantSchema,
  modelHashSchema,
  planHashSchema,
  roundSchema,
  siteIdSchema,
  studyIdSchema,
} from '../messages/primitives';
import { updateCountsSchema } from '../messages/update-manifest.schema';
import { studyPlanSchema } from '../plan/study-plan.schema';
import { envelopeSchema } from './envelope.schema';

export const studyStateSchema = z.enum(['draft', 'approved', 'running', 'paused', 'completed', 'cancelled', 'failed']);

/** Why something stopped: an error code and a sentence. */
export const reasonSchema = z.object({ code: z.string(), message: z.string() });

/** `initialModel` was uploaded before, with purpose `model`. */
export const studyRequestSchema = z.strictObject({ plan: studyPlanSchema, initialModel: modelHashSchema });

export const studySchema = z.object({
  studyId: studyIdSchema,
  title: z.string(),
  state: studyStateSchema,
  planHash: planHashSchema,
  initialModel: modelHashSchema,
  /** The teacher in force; null before the first promotion. */
  teacherHash: modelHashSchema.nullable(),
  /** Where the study stands; null before it started. */
  generation: generationSchema.nullable(),
  round: roundSchema.nullable(),
  generations: countSchema,
  roundsPerGeneration: countSchema,
  createdBy: z.string(),
  createdAt: instantSchema,
  approvedBy: z.string().nullable(),
  /** Why it is paused or failed. */
  reason: reasonSchema.nullable(),
  participants: z.array(
    z.object({
      siteId: siteIdSchema,
      labelled: countSchema,
      unlabelledByFold: z.array(countSchema),
      holdOut: countSchema,
      joinedAt: instantSchema,
    }),
  ),
});
export const studiesAnswerSchema = z.object({ studies: z.array(studySchema) });
export const studyPlanAnswerSchema = z.object({ planHash: planHashSchema, plan: envelopeSchema });

export const roundPhaseSchema = z.enum(['planned', 'collecting', 'aggregating', 'completed', 'failed', 'cancelled']);

export const roundViewSchema = z.object({
  studyId: studyIdSchema,
  generation: generationSchema,
  round: roundSchema,
  /** 0 before the first attempt. */
  attempt: z.union([attemptSchema, z.literal(0)]),
  phase: roundPhaseSchema,
  openedAt: instantSchema.nullable(),
  deadlineAt: instantSchema.nullable(),
  closedAt: instantSchema.nullable(),
  invited: z.array(siteIdSchema),
  updates: z.array(
    z.object({
      siteId: siteIdSchema,
      acceptedAt: instantSchema,
      byteLength: countSchema,
      counts: updateCountsSchema,
      statistics: z.record(z.string(), z.number()),
    }),
  ),
  withdrawn: z.array(z.object({ siteId: siteIdSchema, code: z.string(), message: z.string() })),
  /** What came of it. */
  studentHash: modelHashSchema.nullable(),
  teacherHash: modelHashSchema.nullable(),
  reason: reasonSchema.nullable(),
});
export const roundsAnswerSchema = z.object({ rounds: z.array(roundViewSchema) });

export type StudyState = z.output<typeof studyStateSchema>;
export type StudyView = z.output<typeof studySchema>;
export type RoundView = z.output<typeof roundViewSchema>;
