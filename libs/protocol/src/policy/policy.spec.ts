import { parseModelHash, parseBlobHash, parseSiteId, parseStudyId } from '@fedistl/core';
import { type RoundManifest } from '../messages/round-manifest.schema';
import { planHash } from '../plan/plan-hash';
import { referencePlan } from '../plan/reference-plan';
import { checkManifestAgainstPolicy } from './check-manifest';
import { checkPlanAgainstPolicy } from './check-plan';
import { withinHours } from './opening-hours';
import { type SitePolicy } from './site-policy.schema';

const createdAt = '2026-01-01T00:00:00Z';
const plan = referencePlan({ studyId: parseStudyId('tb'), title: 'TB', finding: 'tuberculosis', createdAt });
const sites = ['busan', 'daegu', 'seoul'].map(parseSiteId);
const policy: SitePolicy = {
  type: 'site-policy',
  version: 1,
  siteId: parseSiteId('seoul'),
  allowedStudies: [plan.studyId],
  allowedPlanHashes: [planHash(plan)],
  minimumPeers: 2,
  minimumSteps: 100,
  minimumBatchSize: 8,
  requireSecureAggregation: false,
  requireRecordPrivacy: null,
  hours: null,
  maximumUploadBytesPerRound: 100_000_000,
  maximumUploadBytesPerSecond: null,
  gpuShare: 1,
};
const manifest: RoundManifest = {
  type: 'round-manifest',
  version: 1,
  studyId: plan.studyId,
  generation: 1,
  round: 1,
  attempt: 1,
  planHash: planHash(plan),
  teacherHash: parseModelHash('b'.repeat(64)),
  studentHash: parseModelHash('c'.repeat(64)),
  centreHash: null,
  layoutHash: parseBlobHash('d'.repeat(64)),
  modelIndex: 7,
  aggregationMode: 'plain',
  sites,
  issuedAt: createdAt,
  deadlineAt: '2026-01-02T00:00:00Z',
};

const planReasons = (changed: Partial<SitePolicy>, updateBytes = 87_000_000): string[] =>
  checkPlanAgainstPolicy({ ...policy, ...changed }, { plan, planHash: planHash(plan), updateBytes }).map((r) => r.code);

describe('plan against site policy', () => {
  it('allows what the policy allows', () => {
    expect(planReasons({})).toEqual([]);
  });

  it.each<[string, Partial<SitePolicy>]>([
    ['POLICY.STUDY_NOT_ALLOWED', { allowedStudies: [] }],
    ['POLICY.PLAN_NOT_ALLOWED', { allowedPlanHashes: [] }],
    ['POLICY.TOO_FEW_PEERS', { minimumPeers: 3 }],
    ['POLICY.TOO_FEW_STEPS', { minimumSteps: 501 }],
    ['POLICY.BATCH_TOO_SMALL', { minimumBatchSize: 17 }],
    ['POLICY.SECURE_AGGREGATION_REQUIRED', { requireSecureAggregation: true }],
    ['POLICY.RECORD_PRIVACY_REQUIRED', { requireRecordPrivacy: { maximumEpsilon: 8, maximumDelta: 1e-5 } }],
    ['POLICY.UPLOAD_TOO_LARGE', { maximumUploadBytesPerRound: 86_999_999 }],
  ])('says %s and nothing else', (code, changed) => {
    expect(planReasons(changed)).toEqual([code]);
  });

  it('gives every reason at once', () => {
    expect(planReasons({ allowedStudies: [], minimumPeers: 9, minimumSteps: 9999 })).toHaveLength(3);
  });
});

describe('manifest against site policy', () => {
  const reasons = (
    changed: Partial<RoundManifest>,
    { policyChange = {}, lastModelIndex = 7, now = '2026-01-01T12:00:00Z' } = {},
  ): string[] =>
    checkManifestAgainstPolicy(
      { ...policy, ...policyChange },
      { manifest: { ...manifest, ...changed }, plan, planHash: planHash(plan), lastModelIndex, now: new Date(now) },
    ).map((reason) => reason.code);

  it('accepts a round that fits', () => {
    expect(reasons({})).toEqual([]);
  });

  it.each<[string, Partial<RoundManifest>]>([
    ['MANIFEST.WRONG_STUDY', { studyId: parseStudyId('covid') }],
    ['MANIFEST.WRONG_PLAN', { planHash: planHash({ ...plan, title: 'other' }) }],
    ['MANIFEST.OUTSIDE_SCHEDULE', { generation: 4 }],
    ['MANIFEST.OUTSIDE_SCHEDULE', { round: 6 }],
    ['MANIFEST.NO_TEACHER', { teacherHash: null }],
    ['MANIFEST.NOT_INVITED', { sites: ['busan', 'daegu', 'jeju'].map(parseSiteId) }],
    ['POLICY.TOO_FEW_PEERS', { sites: ['daegu', 'seoul'].map(parseSiteId) }],
  ])('says %s', (code, changed) => {
    expect(reasons(changed)).toEqual([code]);
  });

  it('needs no teacher in generation 0', () => {
    expect(reasons({ generation: 0, teacherHash: null })).toEqual([]);
  });

  it('refuses a model older than one it has seen, an expired round and a closed hour', () => {
    expect(reasons({}, { lastModelIndex: 8 })).toEqual(['MANIFEST.MODEL_ROLLBACK']);
    expect(reasons({}, { now: '2026-01-02T00:00:00Z' })).toEqual(['MANIFEST.PAST_DEADLINE']);
    const policyChange = { hours: { timeZone: 'Asia/Seoul', from: '22:00', to: '06:00' } };
    expect(reasons({}, { policyChange, now: '2026-01-01T12:00:00Z' })).toEqual(['POLICY.OUTSIDE_HOURS']);
    expect(reasons({}, { policyChange, now: '2026-01-01T14:00:00Z' })).toEqual([]);
  });
});

describe('hours', () => {
  it.each([
    ['08:00', '18:00', '08:00', true],
    ['08:00', '18:00', '17:59', true],
    ['08:00', '18:00', '18:00', false],
    ['22:00', '06:00', '23:30', true],
    ['22:00', '06:00', '05:59', true],
    ['22:00', '06:00', '06:00', false],
    ['00:00', '00:00', '12:00', true],
  ])('from %s to %s, at %s: %s', (from, to, clock, open) => {
    expect(withinHours({ timeZone: 'UTC', from, to }, new Date(`2026-06-01T${clock}:00Z`))).toBe(open);
  });
});
