import { z } from 'zod';
import {
  countSchema,
  generationSchema,
  lineSchema,
  planHashSchema,
  roundCoordinates,
  studyIdSchema,
} from '../messages/primitives';
import { envelopeSchema } from './envelope.schema';
import { studyStateSchema } from './study.schema';

/** Every study that a site could join; `plan` is a `study-plan` under the coordinator's key. */
export const siteStudiesAnswerSchema = z.object({
  studies: z.array(
    z.object({
      studyId: studyIdSchema,
      title: z.string(),
      state: studyStateSchema,
      planHash: planHashSchema,
      plan: envelopeSchema,
      joined: z.boolean(),
    }),
  ),
});

/** Counts of images only; which data set stands behind them is the hospital's business. */
export const participationRequestSchema = z.strictObject({
  labelled: countSchema,
  /** Images without a label in each fold of arrival, from fold 1. */
  unlabelledByFold: z.array(countSchema).max(1000),
  /** Labelled images set apart for evaluation. */
  holdOut: countSchema,
});
export const participationAnswerSchema = z.object({ studyId: studyIdSchema });

/** A `round` (manifest: `round-manifest`) as long as this site's update is wanted; an `evaluation` likewise. */
export const siteWorkSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('round'), manifest: envelopeSchema }),
  z.object({ kind: z.literal('evaluation'), order: envelopeSchema }),
]);
export const siteWorkAnswerSchema = z.object({ work: z.array(siteWorkSchema) });

/** `envelope` is an `update-manifest` or an `evaluation-report` under the site's key. */
export const signedSubmissionSchema = z.strictObject({ envelope: envelopeSchema });
/** `duplicate`: this very submission was accepted before, and its answer got lost. */
export const submissionAnswerSchema = z.object({ accepted: z.literal(true), duplicate: z.boolean() });

/** Why a site does not do its part: an error code of its own, such as `POLICY.OUTSIDE_HOURS`, and a sentence. */
const word = {
  code: z
    .string()
    .regex(/^[A-Z0-9_]+(?:\.[A-Z0-9_]+)+$/)
    .max(100),
  message: lineSchema,
};

export const withdrawalRequestSchema = z.strictObject({ ...roundCoordinates, ...word });
export const evaluationWithdrawalRequestSchema = z.strictObject({
  studyId: studyIdSchema,
  generation: generationSchema,
  ...word,
});

export type ParticipationRequest = z.output<typeof participationRequestSchema>;
export type SiteWork = z.output<typeof siteWorkSchema>;
export type WithdrawalRequest = z.output<typeof withdrawalRequestSchema>;
export type EvaluationWithdrawalRequest = z.output<typeof evaluationWithdrawalRequestSchema>;
