import { z } from 'zod';
import { fractionSchema, siteIdSchema } from '../messages/primitives';

/**
 * What a site's hold-out says of a candidate. `non-inferior`: it loses less than the margin; `worse`: shown worse than the
 * teacher, and not shown to lose less than the margin; `inconclusive`: neither is shown; `measured`: there is no teacher to
 * compare with; `not-counted`: the report has no AUC, no usable difference, or a fault that is among the reasons.
 */
export const siteVerdictSchema = z.enum(['non-inferior', 'worse', 'inconclusive', 'measured', 'not-counted']);

/** Weighted mean over the sites of candidate minus teacher, with its two-sided interval. */
export const pooledDifferenceSchema = z.strictObject({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  /** Of the interval: 2c - 1 for the plan's one-sided confidence c. */
  confidence: fractionSchema,
});

/** What an acceptance rule saw: it is kept with the decision, in the database and in the ledger. */
export const judgementSchema = z.strictObject({
  /** Ascending by site; `weight` is the share in the pooled difference, 0 for a site without part in it. */
  sites: z.array(z.strictObject({ siteId: siteIdSchema, verdict: siteVerdictSchema, weight: fractionSchema })),
  /** Null when no site compares the candidate with a teacher. */
  pooledDifference: pooledDifferenceSchema.nullable(),
});

export type SiteVerdict = z.infer<typeof siteVerdictSchema>;
export type PooledDifference = z.infer<typeof pooledDifferenceSchema>;
export type Judgement = z.infer<typeof judgementSchema>;
