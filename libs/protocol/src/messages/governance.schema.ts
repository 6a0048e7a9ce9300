import { z } from 'zod';
import {
  blobHashSchema,
  instantSchema,
  keyFingerprintSchema,
  lineSchema,
  modelHashSchema,
  nonceSchema,
  planHashSchema,
  siteIdSchema,
  studyIdSchema,
} from './primitives';

/** Who decided, by the fingerprint of the key that signs the envelope. */
const deciderSchema = z.strictObject({
  role: z.enum(['coordinator-admin', 'site-admin', 'reviewer', 'investigator']),
  name: lineSchema,
  keyFingerprint: keyFingerprintSchema,
});

const approvalSubjectSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('plan'), planHash: planHashSchema }),
  z.strictObject({ kind: z.literal('enrolment'), siteId: siteIdSchema, keyFingerprint: keyFingerprintSchema }),
  z.strictObject({ kind: z.literal('promotion'), modelHash: modelHashSchema }),
  /** The model to return to. */
  z.strictObject({ kind: z.literal('rollback'), modelHash: modelHashSchema }),
]);

/** A person's yes or no to a plan, a site, a model or a return to an earlier one. */
export const approvalSchema = z.strictObject({
  type: z.literal('approval'),
  version: z.literal(1),
  studyId: studyIdSchema.nullable(),
  subject: approvalSubjectSchema,
  decision: z.enum(['approve', 'refuse']),
  by: deciderSchema,
  reason: lineSchema,
  nonce: nonceSchema,
  createdAt: instantSchema,
});

const revocationSubjectSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('site-key'), siteId: siteIdSchema, keyFingerprint: keyFingerprintSchema }),
  z.strictObject({ kind: z.literal('plan'), planHash: planHashSchema }),
  z.strictObject({ kind: z.literal('model'), modelHash: modelHashSchema }),
  z.strictObject({ kind: z.literal('update'), blobHash: blobHashSchema }),
]);

/** Takes back what was approved, from the next request on. */
export const revocationSchema = z.strictObject({
  type: z.literal('revocation'),
  version: z.literal(1),
  subject: revocationSubjectSchema,
  cause: z.enum(['key-compromised', 'key-retired', 'site-left', 'consent-withdrawn', 'defective', 'superseded']),
  reason: lineSchema,
  by: deciderSchema,
  effectiveAt: instantSchema,
  nonce: nonceSchema,
});

export type Approval = z.infer<typeof approvalSchema>;
export type Revocation = z.infer<typeof revocationSchema>;
