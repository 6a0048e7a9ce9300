import { z } from 'zod';
import { capSchema, fractionSchema, positiveCountSchema, positiveSchema } from '../messages/primitives';

/**
 * How one update is made from many. `byzantine` is f, the number of sites assumed hostile; each rule's own condition on
 * (sites, f) is checked when the round is aggregated (docs/threat-model.md has the table).
 */
export const aggregationRuleSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('fedavg') }),
  z.strictObject({ name: z.literal('median') }),
  /** `trimFraction` is cut from each end of every coordinate. */
  z.strictObject({ name: z.literal('trimmed-mean'), trimFraction: z.number().gt(0).lt(0.5) }),
  z.strictObject({ name: z.literal('krum'), byzantine: positiveCountSchema }),
  /** `selected` is m, the number of updates averaged; null takes n - f - 2, the most that the proof covers. */
  z.strictObject({
    name: z.literal('multi-krum'),
    byzantine: positiveCountSchema,
    selected: positiveCountSchema.nullable(),
  }),
  z.strictObject({ name: z.literal('bulyan'), byzantine: z.int().min(0) }),
  /** Smoothed Weiszfeld (RFA): `smoothing` is nu, in units of the update's norm. */
  z.strictObject({
    name: z.literal('geometric-median'),
    maximumIterations: z.int().min(1).max(1000),
    smoothing: positiveSchema,
  }),
]);

/** What a site's update weighs in FedAvg and in the geometric median. The other rules count each site once. */
export const weightingSchema = z.discriminatedUnion('by', [
  z.strictObject({ by: z.literal('images-seen'), capMultipleOfMedian: capSchema }),
  z.strictObject({ by: z.literal('accepted-pseudo-labels'), capMultipleOfMedian: capSchema }),
  z.strictObject({ by: z.literal('uniform') }),
]);

/** Reddi et al., Adaptive Federated Optimization, Algorithm 2; `tau` is the adaptivity term of the denominator. */
const adaptive = { learningRate: positiveSchema, beta1: fractionSchema, tau: positiveSchema };
export const serverOptimiserSchema = z.discriminatedUnion('name', [
  z.strictObject({ name: z.literal('fedavg'), learningRate: positiveSchema }),
  z.strictObject({ name: z.literal('fedavgm'), learningRate: positiveSchema, momentum: z.number().min(0).lt(1) }),
  z.strictObject({ name: z.literal('fedadagrad'), ...adaptive }),
  /** `biasCorrection` multiplies the rate by sqrt(1 - beta2^(t+1)) / (1 - beta1^(t+1)), t = 1 at the first step. */
  z.strictObject({
    name: z.literal('fedadam'),
    ...adaptive,
    beta2: z.number().min(0).lt(1),
    biasCorrection: z.boolean(),
  }),
  z.strictObject({ name: z.literal('fedyogi'), ...adaptive, beta2: z.number().min(0).lt(1) }),
]);

/** Greatest L2 norm of an update; `refuse` turns a larger one away, `clip` scales it down to the bound. */
export const normBoundSchema = z.strictObject({ limit: positiveSchema, action: z.enum(['refuse', 'clip']) });

/**
 * A union on `mode` so that secure aggregation can join it: its rounds have more phases and its updates are ring
 * integers, and a node that does not know a mode refuses the plan at this schema.
 */
export const aggregationPlanSchema = z.discriminatedUnion('mode', [
  z.strictObject({
    mode: z.literal('plain'),
    rule: aggregationRuleSchema,
    weighting: weightingSchema,
    serverOptimiser: serverOptimiserSchema,
    normBound: normBoundSchema.nullable(),
  }),
]);

export type AggregationRule = z.infer<typeof aggregationRuleSchema>;
export type Weighting = z.infer<typeof weightingSchema>;
export type ServerOptimiser = z.infer<typeof serverOptimiserSchema>;
export type NormBound = z.infer<typeof normBoundSchema>;
export type AggregationPlan = z.infer<typeof aggregationPlanSchema>;
export type AggregationModeName = AggregationPlan['mode'];
