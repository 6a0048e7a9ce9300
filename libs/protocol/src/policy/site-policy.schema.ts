import { z } from 'zod';
import {
  countSchema,
  fractionSchema,
  planHashSchema,
  positiveCountSchema,
  positiveSchema,
  siteIdSchema,
  studyIdSchema,
} from '../messages/primitives';

const clockSchema = z.string().regex(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/, 'expected HH:MM, 00:00 to 23:59');

/** A zone that the platform's Intl knows, such as `Asia/Seoul`. */
const timeZoneSchema = z.string().refine((zone) => {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}, 'expected an IANA time zone');

/** What the hospital allows. Its own file, on its own disk: nothing the coordinator sends can widen it. */
export const sitePolicySchema = z.strictObject({
  type: z.literal('site-policy'),
  version: z.literal(1),
  siteId: siteIdSchema,
  /** Only these studies, and of them only these plans, by hash. An empty list allows none. */
  allowedStudies: z.array(studyIdSchema),
  allowedPlanHashes: z.array(planHashSchema),
  /** Least number of other sites in the round, and least number of updates in an aggregate (plan's minimumSites - 1). */
  minimumPeers: countSchema,
  /** Few steps and small batches make an update easier to invert into images. */
  minimumSteps: positiveCountSchema,
  minimumBatchSize: positiveCountSchema,
  requireSecureAggregation: z.boolean(),
  /** Record-level differential privacy at least this strong; null asks for none. */
  requireRecordPrivacy: z.strictObject({ maximumEpsilon: positiveSchema, maximumDelta: positiveSchema }).nullable(),
  /** When training and transfer may run, in local time; `to` before `from` runs over midnight; null means always. */
  hours: z.strictObject({ timeZone: timeZoneSchema, from: clockSchema, to: clockSchema }).nullable(),
  maximumUploadBytesPerRound: positiveCountSchema.nullable(),
  maximumUploadBytesPerSecond: positiveCountSchema.nullable(),
  /** Part of the GPU's memory that training may take. */
  gpuShare: fractionSchema,
});

export type SitePolicy = z.infer<typeof sitePolicySchema>;
