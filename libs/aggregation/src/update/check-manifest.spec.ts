import { parseBlobHash, parseModelHash, parsePlanHash, parseSiteId, parseStudyId } from '@fedistl/core';
import { referencePlan, type RoundManifest, type UpdateManifest } from '@fedistl/protocol';
import { makeUpdate } from '../testing/update-set';
import { checkUpdateManifest, type UpdateExpectation } from './check-manifest';

const values = Float32Array.from({ length: 100 }, (_, i) => i);
const { manifest } = makeUpdate({ site: 'seoul', values });
const createdAt = '2026-01-01T00:00:00Z';
const other = 'e'.repeat(64);

const round: RoundManifest = {
  type: 'round-manifest',
  version: 1,
  studyId: manifest.studyId,
  generation: 1,
  round: 1,
  attempt: 1,
  planHash: manifest.planHash,
  teacherHash: manifest.teacherHash,
  studentHash: manifest.baseModelHash,
  centreHash: null,
  layoutHash: manifest.layoutHash,
  modelIndex: 0,
  aggregationMode: 'plain',
  sites: [parseSiteId('busan'), parseSiteId('seoul')],
  issuedAt: createdAt,
  deadlineAt: createdAt,
};
const expectation: UpdateExpectation = {
  round,
  plan: referencePlan({ studyId: manifest.studyId, title: 'TB', finding: 'tuberculosis', createdAt }),
  planHash: manifest.planHash,
  parameters: 100,
  centreLength: 0,
  wasSeen: () => false,
};

const codeOf = (update: Partial<UpdateManifest>, expected: Partial<UpdateExpectation> = {}): unknown => {
  try {
    checkUpdateManifest({ ...manifest, ...update }, { ...expectation, ...expected });
  } catch (error) {
    return (error as { code?: string }).code;
  }
  return 'accepted';
};

describe('update manifest', () => {
  it('is accepted when it fits the open round', () => {
    expect(codeOf({})).toBe('accepted');
  });

  it.each<[string, Partial<UpdateManifest>]>([
    ['UPDATE.WRONG_ROUND', { studyId: parseStudyId('covid') }],
    ['UPDATE.WRONG_ROUND', { generation: 2 }],
    ['UPDATE.WRONG_ROUND', { round: 2 }],
    ['UPDATE.WRONG_ROUND', { attempt: 2 }],
    ['UPDATE.NOT_INVITED', { siteId: parseSiteId('jeju') }],
    ['UPDATE.WRONG_PLAN', { planHash: parsePlanHash(other) }],
    ['UPDATE.STALE_BASE', { baseModelHash: parseModelHash(other) }],
    ['UPDATE.WRONG_TEACHER', { teacherHash: parseModelHash(other) }],
    ['UPDATE.WRONG_TEACHER', { teacherHash: null }],
    ['UPDATE.LAYOUT_MISMATCH', { layoutHash: parseBlobHash(other) }],
    ['UPDATE.SHAPE_MISMATCH', { payload: { ...manifest.payload, parameters: 99 } }],
    ['UPDATE.SHAPE_MISMATCH', { payload: { ...manifest.payload, centreLength: 5 } }],
    ['UPDATE.WRONG_ENCODING', { payload: { ...manifest.payload, encoding: { name: 'float16' } } }],
    ['UPDATE.LENGTH_MISMATCH', { payload: { ...manifest.payload, byteLength: 400 } }],
    ['UPDATE.LENGTH_MISMATCH', { payload: { ...manifest.payload, byteLength: 10_000 } }],
  ])('is refused with %s: %j', (code, change) => {
    expect(codeOf(change)).toBe(code);
  });

  it('is refused when its blob was sent before', () => {
    expect(codeOf({}, { wasSeen: (hash) => hash === manifest.payload.blobHash })).toBe('UPDATE.REPLAYED');
  });
});
