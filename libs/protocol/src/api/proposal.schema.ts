import { z } from 'zod';
import { instantSchema, lineSchema, modelHashSchema, siteIdSchema, studyIdSchema } from '../messages/primitives';

/** What takes two people: one proposes, another decides. */
export const proposedActionSchema = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('promote'), studyId: studyIdSchema, modelHash: modelHashSchema }),
  /** The model to return to. */
  z.strictObject({ action: z.literal('rollback'), studyId: studyIdSchema, modelHash: modelHashSchema }),
  z.strictObject({
    action: z.literal('revoke-site'),
    siteId: siteIdSchema,
    cause: z.enum(['key-compromised', 'key-retired', 'site-left', 'consent-withdrawn']),
  }),
]);

export const proposalRequestSchema = z.strictObject({ proposal: proposedActionSchema, reason: lineSchema });
export const decisionRequestSchema = z.strictObject({ reason: lineSchema });

export const proposalStateSchema = z.enum(['open', 'approved', 'refused']);

export const proposalSchema = z.object({
  id: z.string(),
  proposal: proposedActionSchema,
  reason: z.string(),
  state: proposalStateSchema,
  /** Name of the token. */
  proposedBy: z.string(),
  proposedAt: instantSchema,
  decidedBy: z.string().nullable(),
  decidedAt: instantSchema.nullable(),
  decisionReason: z.string().nullable(),
});
export const proposalsAnswerSchema = z.object({ proposals: z.array(proposalSchema) });

export type ProposedAction = z.output<typeof proposedActionSchema>;
export type ProposalState = z.output<typeof proposalStateSchema>;
export type ProposalView = z.output<typeof proposalSchema>;
