import { z } from 'zod';
import { capSchema, positiveCountSchema } from '../messages/primitives';

const shared = {
  metric: z.literal('auc'),
  /** Greatest loss of the metric against the current teacher that still counts as non-inferior. */
  nonInferiorityMargin: z.number().min(0).max(1),
  /** Confidence of the one-sided interval that must stay above minus the margin. */
  confidence: z.number().gt(0.5).lt(1),
  minimumSites: positiveCountSchema,
};

/** When a candidate becomes the teacher, beside enough sites reporting (`judgeCandidate`). */
export const acceptancePlanSchema = z.discriminatedUnion('sites', [
  /** Non-inferior at every reporting site: for a few large hold-outs; a small one can show it of no candidate. */
  z.strictObject({ sites: z.literal('each-non-inferior'), ...shared }),
  /** No site is shown worse, and the difference pooled over the sites is non-inferior. */
  z.strictObject({
    sites: z.literal('none-worse'),
    ...shared,
    /** Greatest weight of a site's hold-out in the pooled difference, as a multiple of the median. */
    capMultipleOfMedian: capSchema,
  }),
]);

export type AcceptancePlan = z.infer<typeof acceptancePlanSchema>;
