import { z } from 'zod';
import { judgementSchema } from '../acceptance/judgement.schema';
import {
  blobHashSchema,
  countSchema,
  generationSchema,
  instantSchema,
  keyFingerprintSchema,
  lineSchema,
  modelHashSchema,
  planHashSchema,
  roundCoordinates,
  siteIdSchema,
  studyIdSchema,
} from './primitives';

const head = { version: z.literal(1), at: instantSchema };
/** Hash of the signed envelope that the entry records. */
const envelopeHash = blobHashSchema;
/** What the acceptance rule saw; null where people decided. */
const judgement = judgementSchema.nullable();
const code = z.string().regex(/^[A-Z0-9_]+(?:\.[A-Z0-9_]+)+$/);

/** One leaf of the Merkle ledger: what happened, named by hashes; never a metric of a patient, never a weight. */
export const ledgerEntrySchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('site-enrolled'),
    ...head,
    siteId: siteIdSchema,
    keyFingerprint: keyFingerprintSchema,
  }),
  z.strictObject({ type: z.literal('site-revoked'), ...head, siteId: siteIdSchema, envelopeHash }),
  z.strictObject({
    type: z.literal('plan-published'),
    ...head,
    studyId: studyIdSchema,
    planHash: planHashSchema,
    envelopeHash,
  }),
  z.strictObject({ type: z.literal('approval-recorded'), ...head, studyId: studyIdSchema.nullable(), envelopeHash }),
  z.strictObject({
    type: z.literal('round-opened'),
    ...head,
    ...roundCoordinates,
    planHash: planHashSchema,
    modelIndex: countSchema,
    envelopeHash,
  }),
  z.strictObject({
    type: z.literal('update-accepted'),
    ...head,
    ...roundCoordinates,
    siteId: siteIdSchema,
    blobHash: blobHashSchema,
    envelopeHash,
  }),
  z.strictObject({
    type: z.literal('update-refused'),
    ...head,
    ...roundCoordinates,
    siteId: siteIdSchema,
    code,
    envelopeHash: envelopeHash.nullable(),
  }),
  /**
   * A site said, in a session under its key, that it sends no update in this attempt; the statement itself is not signed. The
   * code alone: a sentence might say something of a patient.
   */
  z.strictObject({ type: z.literal('round-withdrawal'), ...head, ...roundCoordinates, siteId: siteIdSchema, code }),
  z.strictObject({
    type: z.literal('round-aggregated'),
    ...head,
    ...roundCoordinates,
    /** Sites that count in the result, ascending, with the weight each had under the plan's weighting. */
    contributions: z
      .array(z.strictObject({ siteId: siteIdSchema, blobHash: blobHashSchema, weight: z.number().min(0) }))
      .min(1),
    studentHash: modelHashSchema,
    /** Null in generation 0, which has no teacher yet. */
    teacherHash: modelHashSchema.nullable(),
  }),
  z.strictObject({ type: z.literal('round-failed'), ...head, ...roundCoordinates, code, reason: lineSchema }),
  z.strictObject({
    type: z.literal('evaluation-ordered'),
    ...head,
    studyId: studyIdSchema,
    generation: generationSchema,
    candidateHash: modelHashSchema,
    modelIndex: countSchema,
    envelopeHash,
  }),
  z.strictObject({
    type: z.literal('evaluation-received'),
    ...head,
    studyId: studyIdSchema,
    generation: generationSchema,
    siteId: siteIdSchema,
    candidateHash: modelHashSchema,
    envelopeHash,
  }),
  /** The same of a generation's candidate. */
  z.strictObject({
    type: z.literal('evaluation-withdrawal'),
    ...head,
    studyId: studyIdSchema,
    generation: generationSchema,
    siteId: siteIdSchema,
    code,
  }),
  z.strictObject({
    type: z.literal('candidate-promoted'),
    ...head,
    studyId: studyIdSchema,
    generation: generationSchema,
    modelHash: modelHashSchema,
    modelIndex: countSchema,
    judgement,
    /** The reports that the decision rests on. */
    evidence: z.array(envelopeHash),
  }),
  z.strictObject({
    type: z.literal('candidate-rejected'),
    ...head,
    studyId: studyIdSchema,
    generation: generationSchema,
    modelHash: modelHashSchema,
    reasons: z.array(lineSchema).min(1),
    judgement,
    evidence: z.array(envelopeHash),
  }),
  z.strictObject({
    type: z.literal('rolled-back'),
    ...head,
    studyId: studyIdSchema,
    modelHash: modelHashSchema,
    modelIndex: countSchema,
    evidence: z.array(envelopeHash).min(1),
  }),
  /** On the coordinator's own machine, without another administrator's token. */
  z.strictObject({ type: z.literal('administrator-token-made'), ...head, tokenId: z.uuid() }),
  /** Blobs that nothing needs any more were deleted; the counts are those of blobs. */
  z.strictObject({
    type: z.literal('blobs-pruned'),
    ...head,
    /** Everything that went had been over since before this time. */
    before: instantSchema,
    updates: countSchema,
    moments: countSchema,
    models: countSchema,
  }),
]);

export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;
export type LedgerEntryType = LedgerEntry['type'];
