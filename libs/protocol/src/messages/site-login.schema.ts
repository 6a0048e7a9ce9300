import { z } from 'zod';
import { publicIdentitySchema } from '../api/envelope.schema';
import { blobHashSchema, instantSchema, keyFingerprintSchema, nonceSchema, siteIdSchema } from './primitives';

/** Signed by the key that it brings: proof that whoever enrols holds it. */
export const siteEnrolmentSchema = z.strictObject({
  type: z.literal('site-enrolment'),
  version: z.literal(1),
  siteId: siteIdSchema,
  identity: publicIdentitySchema,
  /** `enrolmentCodeHash` of the one-time code, so that the envelope serves no other. */
  codeHash: blobHashSchema,
  nonce: nonceSchema,
  createdAt: instantSchema,
});

/** Signed by the site's key: the answer to one challenge of one coordinator. */
export const siteLoginSchema = z.strictObject({
  type: z.literal('site-login'),
  version: z.literal(1),
  siteId: siteIdSchema,
  /** The challenge as it came, 32 bytes in hexadecimal. */
  challenge: z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits'),
  /** Key that the site pinned: an answer to one coordinator is worth nothing at another. */
  coordinatorKey: keyFingerprintSchema,
  createdAt: instantSchema,
});

export type SiteEnrolment = z.infer<typeof siteEnrolmentSchema>;
export type SiteLogin = z.infer<typeof siteLoginSchema>;
