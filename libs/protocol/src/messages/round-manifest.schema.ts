import { z } from 'zod';
import {
  blobHashSchema,
  countSchema,
  instantSchema,
  layoutHashSchema,
  modelHashSchema,
  planHashSchema,
  roundCoordinates,
  siteIdSchema,
} from './primitives';

/** The coordinator's order for one attempt at one round. A site does nothing without one that its pinned key signed. */
export const roundManifestSchema = z.strictObject({
  type: z.literal('round-manifest'),
  version: z.literal(1),
  ...roundCoordinates,
  planHash: planHashSchema,
  /** Makes the pseudo-labels and stays fixed for the round; null in generation 0, which has labels only. */
  teacherHash: modelHashSchema.nullable(),
  /** Where the student starts: the base of every update of the round. */
  studentHash: modelHashSchema,
  /** DINO centre as a blob; null before the first unlabelled round. */
  centreHash: blobHashSchema.nullable(),
  layoutHash: layoutHashSchema,
  /** Grows with every model the coordinator publishes; a node refuses a smaller one without a signed rollback. */
  modelIndex: countSchema,
  aggregationMode: z.literal('plain'),
  /** Invited sites, each once, in ascending order. */
  sites: z
    .array(siteIdSchema)
    .min(1)
    .refine((sites) => sites.every((site, index) => index === 0 || (sites[index - 1] ?? '') < site), {
      message: 'expected sites in ascending order, each once',
    }),
  issuedAt: instantSchema,
  deadlineAt: instantSchema,
});

export type RoundManifest = z.infer<typeof roundManifestSchema>;
