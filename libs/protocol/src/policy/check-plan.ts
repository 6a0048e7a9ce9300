import { type PlanHash } from '@fedistl/core';
import { type StudyPlan } from '../plan/study-plan.schema';
import { type RefusalReason, unmet } from './reasons';
import { type SitePolicy } from './site-policy.schema';

export interface PlanCheck {
  readonly plan: StudyPlan;
  readonly planHash: PlanHash;
  /** Size of the blob that the plan's transfer encoding makes of this model. */
  readonly updateBytes: number;
}

/** Every reason for which a site's policy refuses a plan; an empty list allows it. Pure. */
export function checkPlanAgainstPolicy(policy: SitePolicy, check: PlanCheck): RefusalReason[] {
  const { plan, planHash, updateBytes } = check;
  // Generation 0 may have fewer: whether this site takes part in it is told by its manifests.
  const { minimumSites } = plan.schedule;
  const { initial, generation, batchSize } = plan.training;
  const stepsPerRound = Math.min(initial.stepsPerRound, generation.stepsPerRound);
  return unmet([
    {
      holds: policy.allowedStudies.includes(plan.studyId),
      code: 'POLICY.STUDY_NOT_ALLOWED',
      message: `expected one of the ${policy.allowedStudies.length} allowed studies, got ${plan.studyId}`,
    },
    {
      holds: policy.allowedPlanHashes.includes(planHash),
      code: 'POLICY.PLAN_NOT_ALLOWED',
      message: `expected one of the ${policy.allowedPlanHashes.length} allowed plans, got ${planHash}`,
    },
    {
      holds: minimumSites - 1 >= policy.minimumPeers,
      code: 'POLICY.TOO_FEW_PEERS',
      message: `expected aggregates with at least ${policy.minimumPeers} peers, got a plan that allows ${minimumSites - 1}`,
    },
    {
      holds: stepsPerRound >= policy.minimumSteps,
      code: 'POLICY.TOO_FEW_STEPS',
      message: `expected at least ${policy.minimumSteps} local steps in a round, got ${stepsPerRound}`,
    },
    {
      holds: batchSize >= policy.minimumBatchSize,
      code: 'POLICY.BATCH_TOO_SMALL',
      message: `expected a batch of at least ${policy.minimumBatchSize} images, got ${batchSize}`,
    },
    {
      holds: !policy.requireSecureAggregation || (plan.aggregation.mode as string) === 'secure',
      code: 'POLICY.SECURE_AGGREGATION_REQUIRED',
      message: `expected secure aggregation, got mode ${plan.aggregation.mode}`,
    },
    {
      holds: policy.requireRecordPrivacy === null,
      code: 'POLICY.RECORD_PRIVACY_REQUIRED',
      message: `expected record-level differential privacy, got privacy mode ${plan.privacy.mode}`,
    },
    {
      holds: policy.maximumUploadBytesPerRound === null || updateBytes <= policy.maximumUploadBytesPerRound,
      code: 'POLICY.UPLOAD_TOO_LARGE',
      message: `expected at most ${policy.maximumUploadBytesPerRound ?? 0} bytes to upload in a round, got ${updateBytes}`,
    },
  ]);
}
