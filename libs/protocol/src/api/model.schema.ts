import { z } from 'zod';
import {
  countSchema,
  generationSchema,
  instantSchema,
  modelHashSchema,
  planHashSchema,
  roundSchema,
  siteIdSchema,
  studyIdSchema,
} from '../messages/primitives';
import { evaluationReportSchema } from '../messages/evaluation-report.schema';
import { reasonSchema } from './study.schema';

/** `candidate` until the acceptance rule decided; `superseded` once another teacher took its place. */
export const modelStateSchema = z.enum([
  'initial',
  'intermediate',
  'candidate',
  'promoted',
  'rejected',
  'superseded',
  'withdrawn',
]);

/** A model's entry in the registry, with what it was made of. */
export const modelViewSchema = z.object({
  hash: modelHashSchema,
  studyId: studyIdSchema,
  role: z.enum(['student', 'teacher']),
  state: modelStateSchema,
  /** Grows with every model that is published; null for one that never was. */
  modelIndex: countSchema.nullable(),
  planHash: planHashSchema,
  /** Null for a model that was uploaded. */
  generation: generationSchema.nullable(),
  round: roundSchema.nullable(),
  byteLength: countSchema,
  createdAt: instantSchema,
  lineage: z.object({
    /** The student that the updates were added to. */
    base: modelHashSchema.nullable(),
    /** The teacher that made the pseudo-labels, or that the moving average continued. */
    teacher: modelHashSchema.nullable(),
    contributions: z.array(z.object({ siteId: siteIdSchema, blobHash: z.string(), weight: z.number() })),
  }),
});
export const modelsAnswerSchema = z.object({ models: z.array(modelViewSchema) });

const intervalSchema = z.object({ value: z.number(), low: z.number(), high: z.number() });

/** The cross-site matrix, generation by site. */
export const evaluationsAnswerSchema = z.object({
  generations: z.array(
    z.object({
      generation: generationSchema,
      candidateHash: modelHashSchema,
      referenceHash: modelHashSchema.nullable(),
      decision: z.enum(['pending', 'promoted', 'rejected']),
      reasons: z.array(reasonSchema),
      deadlineAt: instantSchema.nullable(),
      /** Over the sites by fixed effects; null before the first report that has both classes. */
      pooledAuc: intervalSchema.nullable(),
      awaited: z.array(siteIdSchema),
      reports: z.array(z.object({ receivedAt: instantSchema, report: evaluationReportSchema })),
    }),
  ),
});

export type ModelState = z.output<typeof modelStateSchema>;
export type ModelView = z.output<typeof modelViewSchema>;
export type EvaluationsAnswer = z.output<typeof evaluationsAnswerSchema>;
