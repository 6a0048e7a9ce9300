import { z } from 'zod';
import { judgementSchema } from '../acceptance/judgement.schema';
import {
  blobHashSchema,
  countSchema,
  generationSchema,
  instantSchema,
  modelHashSchema,
  siteIdSchema,
  studyIdSchema,
} from '../messages/primitives';
import { evaluationReportSchema } from '../messages/evaluation-report.schema';
import { reasonSchema } from './study.schema';

/**
 * `intermediate`: of a round within a generation; `candidate`: out for evaluation; `promoted`: it is or was the teacher in
 * force; `rejected`; `retired`: promoted once, taken back by a rollback.
 */
export const modelStateSchema = z.enum(['intermediate', 'candidate', 'promoted', 'rejected', 'retired']);

/** A model's entry in the registry, with what it was made of. `average`: the server's moving average of students. */
export const modelViewSchema = z.object({
  hash: modelHashSchema,
  studyId: studyIdSchema,
  kind: z.enum(['initial', 'student', 'average']),
  state: modelStateSchema,
  /** Grows with every model that is published. */
  modelIndex: countSchema,
  generation: generationSchema,
  /** 0 for the initial model. */
  round: countSchema,
  byteLength: countSchema,
  createdAt: instantSchema,
  decidedAt: instantSchema.nullable(),
  lineage: z.object({
    /** The teacher that made the pseudo-labels. */
    teacherHash: modelHashSchema.nullable(),
    /** The student that the updates changed; null for an initial model. */
    studentHash: modelHashSchema.nullable(),
    /** The average before it, for an average. */
    averageHash: modelHashSchema.nullable(),
    contributions: z.array(z.object({ siteId: siteIdSchema, blobHash: blobHashSchema, weight: z.number() })),
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
      /** What the acceptance rule saw; null while pending, and where people decided. */
      judgement: judgementSchema.nullable(),
      deadlineAt: instantSchema.nullable(),
      /** Over the sites by a random-effects meta-analysis; null before the first report with an AUC. */
      pooledAuc: intervalSchema.nullable(),
      awaited: z.array(siteIdSchema),
      /** Sites that said that they would not measure, and why. */
      withdrawn: z.array(z.object({ siteId: siteIdSchema, code: z.string(), message: z.string() })),
      reports: z.array(z.object({ receivedAt: instantSchema, report: evaluationReportSchema })),
    }),
  ),
});

export type ModelState = z.output<typeof modelStateSchema>;
export type ModelView = z.output<typeof modelViewSchema>;
export type EvaluationsAnswer = z.output<typeof evaluationsAnswerSchema>;
