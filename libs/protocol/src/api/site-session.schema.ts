import { z } from 'zod';
import {
  countSchema,
  instantSchema,
  lineSchema,
  positiveCountSchema,
  roundCoordinates,
  siteIdSchema,
  studyIdSchema,
  generationSchema,
} from '../messages/primitives';
import { envelopeSchema, publicIdentitySchema } from './envelope.schema';

/** `pending` until an administrator approved the key; `revoked` for good. */
export const siteStateSchema = z.enum(['pending', 'approved', 'revoked']);

/** What a site pins at enrolment. */
export const coordinatorCardSchema = z.object({
  identity: publicIdentitySchema,
  /** Eight groups of five digits, as `fingerprintOf` makes them; two people compare it. */
  fingerprint: z.string(),
  /** Verifier key of the ledger: `name+id+base64`. */
  ledgerKey: z.string(),
  version: z.string(),
});

/** `envelope` is a `site-enrolment` under the new key. */
export const enrolmentRequestSchema = z.strictObject({ code: z.string().min(1).max(100), envelope: envelopeSchema });
export const enrolmentAnswerSchema = z.object({
  siteId: siteIdSchema,
  state: siteStateSchema,
  coordinator: coordinatorCardSchema,
});

export const challengeRequestSchema = z.strictObject({ siteId: siteIdSchema });
export const challengeAnswerSchema = z.object({
  /** 32 random bytes in hexadecimal, good for one login. */
  challenge: z.string().regex(/^[0-9a-f]{64}$/),
  expiresAt: instantSchema,
});

/** `envelope` is a `site-login`. */
export const siteSessionRequestSchema = z.strictObject({ envelope: envelopeSchema });
export const siteSessionAnswerSchema = z.object({ token: z.string(), expiresAt: instantSchema });

export const siteSelfAnswerSchema = z.object({
  siteId: siteIdSchema,
  displayName: z.string(),
  state: siteStateSchema,
});

/** What a site's machine can do, for people to see; nothing is decided by it. No host name, no address. */
export const siteCapabilitiesSchema = z.strictObject({
  software: z.string().max(100),
  platform: z.string().max(100),
  /** Compute engines that passed the site's self-test, such as `onnxruntime/cuda`. */
  engines: z.array(z.string().max(100)).max(20),
  processors: positiveCountSchema,
  memoryMiB: countSchema,
  accelerators: z.array(z.strictObject({ name: z.string().max(100), memoryMiB: countSchema.nullable() })).max(32),
});

/** What a site is doing. */
export const siteActivitySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('idle') }),
  z.strictObject({ kind: z.literal('paused'), reason: lineSchema }),
  z.strictObject({ kind: z.literal('training'), ...roundCoordinates }),
  z.strictObject({ kind: z.literal('sending'), ...roundCoordinates }),
  z.strictObject({ kind: z.literal('evaluating'), studyId: studyIdSchema, generation: generationSchema }),
]);

export const heartbeatRequestSchema = z.strictObject({
  activity: siteActivitySchema,
  capabilities: siteCapabilitiesSchema.nullable(),
});
/** `intervalSeconds`: when the coordinator hopes to hear again. A missed heartbeat costs nothing but a grey lamp. */
export const heartbeatAnswerSchema = z.object({ serverTime: instantSchema, intervalSeconds: positiveCountSchema });

export type SiteState = z.output<typeof siteStateSchema>;
export type CoordinatorCard = z.output<typeof coordinatorCardSchema>;
export type SiteCapabilities = z.output<typeof siteCapabilitiesSchema>;
export type SiteActivity = z.output<typeof siteActivitySchema>;
