import { z } from 'zod';
import { countSchema, instantSchema, roundCoordinates, siteIdSchema, studyIdSchema } from '../messages/primitives';
import { heartbeatAnswerSchema, heartbeatRequestSchema } from './site-session.schema';

/** `auth` of the handshake in both namespaces. */
export const socketAuthSchema = z.object({ token: z.string().min(1).max(200) });

/** Namespace of sites, and of people. */
export const socketNamespaces = { sites: '/sites', console: '/console' } as const;

export const trainingProgressSchema = z.strictObject({
  ...roundCoordinates,
  step: countSchema,
  steps: countSchema,
  loss: z.number().nullable(),
  imagesPerSecond: z.number().min(0).nullable(),
  etaSeconds: z.number().min(0).nullable(),
});

/** What a site sends. `heartbeat` is acknowledged with a `heartbeatAnswer` or an error body, `progress` is not. */
export const siteClientEvents = { heartbeat: heartbeatRequestSchema, progress: trainingProgressSchema } as const;
export const siteAcknowledgements = { heartbeat: heartbeatAnswerSchema } as const;

/** What a site is sent. Hints: whoever misses one finds the same by asking. */
export const siteServerEvents = {
  work: z.object({ studyId: studyIdSchema }),
  study: z.object({ studyId: studyIdSchema }),
  /** The coordinator closes the connection; the code says why. */
  closed: z.object({ code: z.string() }),
} as const;

/** What changed, for a page to ask again. A newer coordinator may send types that an older page skips. */
export const consoleEventSchema = z.looseObject({
  type: z.string(),
  at: instantSchema,
  studyId: studyIdSchema.optional(),
  siteId: siteIdSchema.optional(),
});
export const consoleServerEvents = { event: consoleEventSchema, closed: siteServerEvents.closed } as const;

export type TrainingProgress = z.output<typeof trainingProgressSchema>;
export type ConsoleEvent = z.output<typeof consoleEventSchema>;
