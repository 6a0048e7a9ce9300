import { z } from 'zod';
import { instantSchema, lineSchema, siteIdSchema } from '../messages/primitives';
import { publicIdentitySchema } from './envelope.schema';
import { siteActivitySchema, siteCapabilitiesSchema, siteStateSchema } from './site-session.schema';

export const enrolmentCodeRequestSchema = z.strictObject({
  siteId: siteIdSchema,
  displayName: lineSchema,
  validSeconds: z
    .int()
    .min(60)
    .max(30 * 86_400),
});
/** The code is shown this once; the coordinator keeps its hash. */
export const enrolmentCodeAnswerSchema = z.object({ code: z.string(), expiresAt: instantSchema });

export const siteSchema = z.object({
  siteId: siteIdSchema,
  displayName: z.string(),
  state: siteStateSchema,
  identity: publicIdentitySchema,
  /** Eight groups of five digits; the site shows the same. */
  fingerprint: z.string(),
  enrolledAt: instantSchema,
  approvedAt: instantSchema.nullable(),
  revokedAt: instantSchema.nullable(),
  lastSeenAt: instantSchema.nullable(),
  /** Whether a socket of the site is open now. */
  connected: z.boolean(),
  activity: siteActivitySchema.nullable(),
  capabilities: siteCapabilitiesSchema.nullable(),
});
export const sitesAnswerSchema = z.object({ sites: z.array(siteSchema) });

/** The fingerprint that the hospital reads out, as a person types it. */
export const siteApprovalRequestSchema = z.strictObject({ fingerprint: z.string().min(1).max(200) });

export type SiteView = z.output<typeof siteSchema>;
