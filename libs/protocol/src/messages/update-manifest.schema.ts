import { z } from 'zod';
import { transferEncodingSchema } from '../plan/transfer-plan.schema';
import {
  blobHashSchema,
  countSchema,
  instantSchema,
  layoutHashSchema,
  modelHashSchema,
  nonceSchema,
  planHashSchema,
  positiveCountSchema,
  roundCoordinates,
  siteIdSchema,
} from './primitives';

/** Numbers that weigh an update. Claimed by the site: caps and robust rules exist because a claim may be false. */
export const updateCountsSchema = z
  .strictObject({
    steps: positiveCountSchema,
    imagesSeen: countSchema,
    acceptedPseudoLabels: countSchema,
    labelledImages: countSchema,
  })
  .refine((counts) => counts.acceptedPseudoLabels <= counts.imagesSeen, 'expected acceptedPseudoLabels <= imagesSeen');

/**
 * What a site signs about its update. The blob itself is a safetensors file (tensor `update`, and `centre` when
 * `centreLength` > 0); its hash is in here, so that one signature over this small message covers all of it.
 */
export const updateManifestSchema = z.strictObject({
  type: z.literal('update-manifest'),
  version: z.literal(1),
  ...roundCoordinates,
  siteId: siteIdSchema,
  planHash: planHashSchema,
  baseModelHash: modelHashSchema,
  teacherHash: modelHashSchema.nullable(),
  layoutHash: layoutHashSchema,
  payload: z.strictObject({
    blobHash: blobHashSchema,
    byteLength: positiveCountSchema,
    /** Values of the flat update vector. */
    parameters: positiveCountSchema,
    encoding: transferEncodingSchema,
    /** Values of the centre's mean over the site's images; 0 sends none. */
    centreLength: countSchema,
  }),
  counts: updateCountsSchema,
  /** Means over the round, by name (`loss`, `dinoLoss`, `teacherEntropy`, ...): shown to people, never computed with. */
  statistics: z.record(z.string().regex(/^[a-zA-Z][a-zA-Z0-9.]{0,63}$/), z.number()),
  nonce: nonceSchema,
  createdAt: instantSchema,
});

export type UpdateCounts = z.infer<typeof updateCountsSchema>;
export type UpdateManifest = z.infer<typeof updateManifestSchema>;
