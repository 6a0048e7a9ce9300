import { z } from 'zod';
import {
  countSchema,
  fractionSchema,
  generationSchema,
  instantSchema,
  modelHashSchema,
  nonceSchema,
  planHashSchema,
  siteIdSchema,
  studyIdSchema,
} from './primitives';

/** A value with its confidence interval. */
const intervalSchema = z
  .strictObject({ value: z.number(), low: z.number(), high: z.number() })
  .refine(({ value, low, high }) => low <= value && value <= high, 'expected low <= value <= high');

const operatingPointSchema = z.strictObject({
  name: z.string().min(1).max(60),
  threshold: z.number(),
  sensitivity: fractionSchema,
  specificity: fractionSchema,
});

/** A site's measurement of a candidate on its private hold-out. Metrics only: no image, no score of an image. */
export const evaluationReportSchema = z.strictObject({
  type: z.literal('evaluation-report'),
  version: z.literal(1),
  studyId: studyIdSchema,
  generation: generationSchema,
  siteId: siteIdSchema,
  planHash: planHashSchema,
  candidateHash: modelHashSchema,
  /** The teacher it is compared with, on the same images; null for the first model of a study. */
  referenceHash: modelHashSchema.nullable(),
  holdOut: z.strictObject({ patients: countSchema, positives: countSchema, negatives: countSchema }),
  confidence: z.number().gt(0).lt(1),
  auc: intervalSchema,
  /** DeLong variance of the AUC, for pooling across sites. */
  aucVariance: z.number().min(0),
  /** Candidate minus reference with the paired DeLong interval; null without a reference. */
  aucDifference: intervalSchema.nullable(),
  brier: z.number().min(0).max(1),
  expectedCalibrationError: fractionSchema,
  operatingPoints: z.array(operatingPointSchema).max(20),
  nonce: nonceSchema,
  createdAt: instantSchema,
});

export type EvaluationReport = z.infer<typeof evaluationReportSchema>;
