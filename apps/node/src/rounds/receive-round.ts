import { faultPoint } from '@fedistl/core/node';
import { type Envelope } from '@fedistl/crypto';
import { verifyEd25519Native } from '@fedistl/crypto/node';
import {
  checkManifestAgainstPolicy,
  checkPlanAgainstPolicy,
  openMessage,
  type RoundManifest,
  type SitePolicy,
  type StudyPlan,
} from '@fedistl/protocol';
import { updateBytesOf } from '../studies/update-bytes';
import { type SiteContext } from '../tasks/site-context';
import { receiveManifest, stepPosition } from './round-machine';
import { type Reason } from './round-position';
import { type RoundStore } from './round-store';
import { policyReasons } from './withdrawal';

/** The manifest in an envelope that the pinned coordinator signed. @throws ProtocolError `PROTOCOL.BAD_SIGNATURE`, ... */
export function openManifest(site: SiteContext, envelope: Envelope): RoundManifest {
  return openMessage('round-manifest', envelope, { keys: [site.coordinator], verify: verifyEd25519Native });
}

/**
 * Takes a verified manifest: checks it against the plan and the policy as it is now, and writes the round's position. A refusal
 * is a position too: it will be sent as a withdrawal.
 *
 * @returns whether anything changed
 */
export async function receiveRound(site: SiteContext, store: RoundStore, manifest: RoundManifest): Promise<boolean> {
  const now = site.now();
  const received = receiveManifest(await store.readWithUpdate(manifest), manifest, now);
  if (received === null) return false;
  const plan = await site.plans.find(manifest.planHash);
  // The plan comes with the studies; without it nothing can be judged, and the manifest will be there again.
  if (plan === null) return false;
  const reasons = refusals(await site.policy(), plan, manifest, site);
  if (received.discard) await store.discardTraining(manifest);
  const { position } = received;
  await store.write(reasons.length === 0 ? position : stepPosition(position, { type: 'withdraw', reasons }, now));
  if (reasons.length === 0) await site.state.sawModelIndex(manifest.studyId, manifest.modelIndex);
  faultPoint('node.manifest-saved');
  return true;
}

/** Why the hospital's policy forbids the round. Its hours do not forbid it: the node waits for them. */
function refusals(policy: SitePolicy, plan: StudyPlan, manifest: RoundManifest, site: SiteContext): Reason[] {
  const { planHash } = manifest;
  const lastModelIndex = site.state.lastModelIndex(manifest.studyId);
  const check = { manifest, plan, planHash, lastModelIndex, now: site.now() };
  return policyReasons([
    ...checkPlanAgainstPolicy(policy, { plan, planHash, updateBytes: updateBytesOf(plan) }),
    ...checkManifestAgainstPolicy({ ...policy, hours: null }, check),
  ]);
}
