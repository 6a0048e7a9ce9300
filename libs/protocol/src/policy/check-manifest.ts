import { type PlanHash } from '@fedistl/core';
import { type RoundManifest } from '../messages/round-manifest.schema';
import { generationRules } from '../plan/generation-rules';
import { type StudyPlan } from '../plan/study-plan.schema';
import { withinHours } from './opening-hours';
import { type RefusalReason, unmet } from './reasons';
import { type SitePolicy } from './site-policy.schema';

export interface ManifestCheck {
  readonly manifest: RoundManifest;
  readonly plan: StudyPlan;
  readonly planHash: PlanHash;
  /** Greatest model index that the site has seen in this study, or that of a rollback order it has verified. */
  readonly lastModelIndex: number;
  readonly now: Date;
}

/**
 * Every reason for which a site refuses a round, the plan itself being allowed (`checkPlanAgainstPolicy`). Pure; the
 * manifest's signature is checked before, on its envelope.
 */
export function checkManifestAgainstPolicy(policy: SitePolicy, check: ManifestCheck): RefusalReason[] {
  const { manifest, plan, planHash, lastModelIndex, now } = check;
  const { generations } = plan.schedule;
  const { rounds, minimumSites } = generationRules(plan, manifest.generation);
  // Not all that are invited need to send.
  const peers = Math.min(manifest.sites.length, minimumSites) - 1;
  return unmet([
    {
      holds: manifest.studyId === plan.studyId,
      code: 'MANIFEST.WRONG_STUDY',
      message: `expected study ${plan.studyId}, got ${manifest.studyId}`,
    },
    {
      holds: manifest.planHash === planHash,
      code: 'MANIFEST.WRONG_PLAN',
      message: `expected plan ${planHash}, got ${manifest.planHash}`,
    },
    {
      holds: manifest.generation <= generations && manifest.round <= rounds,
      code: 'MANIFEST.OUTSIDE_SCHEDULE',
      message:
        `expected at most generation ${generations}, round ${rounds}, ` +
        `got generation ${manifest.generation}, round ${manifest.round}`,
    },
    {
      holds: manifest.generation === 0 || manifest.teacherHash !== null,
      code: 'MANIFEST.NO_TEACHER',
      message: `expected a teacher in generation ${manifest.generation}, got none`,
    },
    {
      holds: manifest.sites.includes(policy.siteId),
      code: 'MANIFEST.NOT_INVITED',
      message: `expected ${policy.siteId} among the invited sites, got ${manifest.sites.length} others`,
    },
    {
      holds: peers >= policy.minimumPeers,
      code: 'POLICY.TOO_FEW_PEERS',
      message: `expected a round with at least ${policy.minimumPeers} peers, got ${peers}`,
    },
    {
      holds: manifest.modelIndex >= lastModelIndex,
      code: 'MANIFEST.MODEL_ROLLBACK',
      message: `expected model index ${lastModelIndex} or greater, got ${manifest.modelIndex}`,
    },
    {
      holds: now.getTime() < Date.parse(manifest.deadlineAt),
      code: 'MANIFEST.PAST_DEADLINE',
      message: `expected a deadline after ${now.toISOString()}, got ${manifest.deadlineAt}`,
    },
    {
      holds: withinHours(policy.hours, now),
      code: 'POLICY.OUTSIDE_HOURS',
      message: `expected a time from ${policy.hours?.from ?? ''} to ${policy.hours?.to ?? ''}, got ${now.toISOString()}`,
    },
  ]);
}
