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

const reportShape = z.strictObject({
  type: z.literal('evaluation-report'),
  version: z.literal(1),
  studyId: studyIdSchema,
  generation: generationSchema,
  siteId: siteIdSchema,
  planHash: planHashSchema,
  candidateHash: modelHashSchema,
  /** The teacher it is compared with, on the same images; null for the first model of a study. */
  referenceHash: modelHashSchema.nullable(),
  /** Labelled images by class, and the patients they are of. */
  holdOut: z.strictObject({ patients: countSchema, positives: countSchema, negatives: countSchema }),
  /** Of the two-sided intervals. */
  confidence: z.number().gt(0).lt(1),
  /** With DeLong's interval; null where the hold-out has fewer than two images of a class: the site then cannot judge. */
  auc: intervalSchema.nullable(),
  /** DeLong variance of the AUC, for pooling across sites; null as `auc`. */
  aucVariance: z.number().min(0).nullable(),
  /** Candidate minus reference with the paired DeLong interval; null without a reference, and as `auc`. */
  aucDifference: intervalSchema.nullable(),
  /** Null without a labelled image. */
  brier: fractionSchema.nullable(),
  expectedCalibrationError: fractionSchema.nullable(),
  /** Thresholds chosen on training or validation images. */
  operatingPoints: z.array(operatingPointSchema).max(20),
  nonce: nonceSchema,
  createdAt: instantSchema,
});

/** A site's measurement of a candidate on its private hold-out. Metrics only: no image, no score of an image. */
export const evaluationReportSchema = reportShape
  .refine(
    ({ auc, aucVariance }) => (auc === null) === (aucVariance === null),
    'expected auc and aucVariance both or neither',
  )
  .refine(
    ({ auc, holdOut }) => auc === null || Math.min(holdOut.positives, holdOut.negatives) >= 2,
    'expected an AUC only of at least two images of each class',
  )
  .refine(({ auc, aucDifference }) => auc !== null || aucDifference === null, 'expected no difference without an AUC');

export type EvaluationReport = z.infer<typeof evaluationReportSchema>;
