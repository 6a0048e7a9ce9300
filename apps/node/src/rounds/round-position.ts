import { envelopeSchema, roundManifestSchema, updateManifestSchema } from '@fedistl/protocol';
import { z } from 'zod';

/** Code and sentence of what went wrong, fit to be shown and sent. */
export const reasonSchema = z.strictObject({ code: z.string(), message: z.string() });
export type Reason = z.infer<typeof reasonSchema>;

/** What training made, as the update's manifest will say it, and its files in the round's training folder. */
export const trainedUpdateSchema = updateManifestSchema
  .pick({ layoutHash: true, payload: true, counts: true, statistics: true })
  .extend({
    file: z.string().regex(/^[^/\\\\]+$/),
    /** What rounding lost, for the next round; null for an encoding without error feedback. It stays here. */
    residual: z
      .string()
      .regex(/^[^/\\\\]+$/)
      .nullable(),
  });
export type TrainedUpdate = z.infer<typeof trainedUpdateSchema>;

/**
 * Where a node stands in a round:
 * `accepted` the manifest was verified and allowed; `downloaded` all weights are here; `trained` the update's blob is here;
 * `signed` its manifest is signed and kept; `uploaded` the coordinator has the blob; `submitted` it took the manifest.
 * `withdrawing` and `withdrawn`: the site does not take part in this attempt. `refused`: the coordinator did not take the
 * update. `closed`: the attempt ended without it.
 */
export const roundStageSchema = z.enum([
  'accepted',
  'downloaded',
  'trained',
  'signed',
  'uploaded',
  'submitted',
  'withdrawing',
  'withdrawn',
  'refused',
  'closed',
]);
export type RoundStage = z.infer<typeof roundStageSchema>;

/** One file for each round; written whole at each step, so that a killed node goes on from the last one. */
export const roundPositionSchema = z.strictObject({
  format: z.literal('fedistl-node-round/1'),
  manifest: roundManifestSchema,
  stage: roundStageSchema,
  /** Times that the training process died in this attempt. */
  crashes: z.int().min(0),
  /** Kept over attempts: with the same plan and base nothing is trained twice. */
  update: trainedUpdateSchema.nullable(),
  /** The signed update-manifest of this attempt; once here it is sent as it is, nonce and time included. */
  envelope: envelopeSchema.nullable(),
  /** Why it was withdrawn, refused or closed. */
  reasons: z.array(reasonSchema),
  updatedAt: z.iso.datetime(),
});

export type RoundPosition = z.infer<typeof roundPositionSchema>;

/** The stages after which nothing is left to do in this attempt. */
export function isOver(stage: RoundStage): boolean {
  return ['submitted', 'withdrawn', 'refused', 'closed'].includes(stage);
}
