import { z } from 'zod';
import {
  countSchema,
  generationSchema,
  instantSchema,
  modelHashSchema,
  planHashSchema,
  siteIdSchema,
  studyIdSchema,
} from './primitives';

/** The coordinator's request to measure a generation's candidate on the private hold-outs, against the teacher in force. */
export const evaluationOrderSchema = z.strictObject({
  type: z.literal('evaluation-order'),
  version: z.literal(1),
  studyId: studyIdSchema,
  generation: generationSchema,
  planHash: planHashSchema,
  candidateHash: modelHashSchema,
  /** Null when no teacher was promoted yet. */
  referenceHash: modelHashSchema.nullable(),
  /** As in a round manifest: a site refuses one that has gone back. */
  modelIndex: countSchema,
  /** Sites that are asked, each once, in ascending order. */
  sites: z
    .array(siteIdSchema)
    .min(1)
    .refine((sites) => sites.every((site, index) => index === 0 || (sites[index - 1] ?? '') < site), {
      message: 'expected sites in ascending order, each once',
    }),
  issuedAt: instantSchema,
  deadlineAt: instantSchema,
});

export type EvaluationOrder = z.infer<typeof evaluationOrderSchema>;
