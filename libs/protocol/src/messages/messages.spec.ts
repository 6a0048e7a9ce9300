import { createHash } from 'node:crypto';
import { parseStudyId } from '@fedistl/core';
import { Identity } from '@fedistl/crypto';
import { referencePlan } from '../plan/reference-plan';
import { planHash } from '../plan/plan-hash';
import { errorBody } from './error-body.schema';
import { ledgerLeaf, parseLedgerEntry } from './ledger-entry';
import { type MessageType, parseMessage } from './message';
import { ProtocolError } from '../protocol.errors';

const hash = (digit: string) => digit.repeat(64);
const at = '2026-01-01T00:00:00Z';
const plan = referencePlan({ studyId: parseStudyId('tb'), title: 'TB', finding: 'tuberculosis', createdAt: at });
const coordinates = { studyId: 'tb', generation: 1, round: 1, attempt: 1 };
const by = { role: 'site-admin', name: 'A. Admin', keyFingerprint: hash('9') };
const interval = { value: 0.9, low: 0.85, high: 0.95 };

/** A valid message of every type, as JSON that came over the wire. */
const examples: Record<MessageType, Record<string, unknown>> = {
  'study-plan': JSON.parse(JSON.stringify(plan)) as Record<string, unknown>,
  'site-policy': {
    type: 'site-policy',
    version: 1,
    siteId: 'seoul',
    allowedStudies: ['tb'],
    allowedPlanHashes: [hash('a')],
    minimumPeers: 2,
    minimumSteps: 10,
    minimumBatchSize: 8,
    requireSecureAggregation: false,
    requireRecordPrivacy: null,
    hours: { timeZone: 'Asia/Seoul', from: '22:00', to: '06:00' },
    maximumUploadBytesPerRound: null,
    maximumUploadBytesPerSecond: 500_000,
    gpuShare: 0.5,
  },
  'round-manifest': {
    type: 'round-manifest',
    version: 1,
    ...coordinates,
    planHash: hash('a'),
    teacherHash: hash('b'),
    studentHash: hash('c'),
    centreHash: null,
    layoutHash: hash('d'),
    modelIndex: 3,
    aggregationMode: 'plain',
    sites: ['daegu', 'seoul'],
    issuedAt: at,
    deadlineAt: '2026-01-02T00:00:00Z',
  },
  'update-manifest': {
    type: 'update-manifest',
    version: 1,
    ...coordinates,
    siteId: 'seoul',
    planHash: hash('a'),
    baseModelHash: hash('c'),
    teacherHash: hash('b'),
    layoutHash: hash('d'),
    payload: { blobHash: hash('e'), byteLength: 96, parameters: 4, encoding: { name: 'float32' }, centreLength: 0 },
    counts: { steps: 500, imagesSeen: 8000, acceptedPseudoLabels: 6000, labelledImages: 0 },
    statistics: { loss: 3.5 },
    nonce: '0123456789abcdef0123456789abcdef',
    createdAt: at,
  },
  'evaluation-order': {
    type: 'evaluation-order',
    version: 1,
    studyId: 'tb-2026',
    generation: 1,
    planHash: hash('1'),
    candidateHash: hash('a'),
    referenceHash: hash('b'),
    modelIndex: 7,
    sites: ['hospital-a', 'hospital-b'],
    issuedAt: '2026-11-02T08:00:00Z',
    deadlineAt: '2026-11-03T08:00:00Z',
  },
  'evaluation-report': {
    type: 'evaluation-report',
    version: 1,
    studyId: 'tb',
    generation: 1,
    siteId: 'seoul',
    planHash: hash('a'),
    candidateHash: hash('b'),
    referenceHash: hash('c'),
    holdOut: { patients: 100, positives: 30, negatives: 90 },
    confidence: 0.95,
    auc: interval,
    aucVariance: 0.0006,
    aucDifference: { value: 0.01, low: -0.01, high: 0.03 },
    brier: 0.1,
    expectedCalibrationError: 0.03,
    operatingPoints: [{ name: 'youden', threshold: 0.4, sensitivity: 0.9, specificity: 0.8 }],
    nonce: '0123456789abcdef0123456789abcdef',
    createdAt: at,
  },
  approval: {
    type: 'approval',
    version: 1,
    studyId: 'tb',
    subject: { kind: 'plan', planHash: hash('a') },
    decision: 'approve',
    by,
    reason: 'reviewed by the ethics board',
    nonce: '0123456789abcdef0123456789abcdef',
    createdAt: at,
  },
  revocation: {
    type: 'revocation',
    version: 1,
    subject: { kind: 'site-key', siteId: 'seoul', keyFingerprint: hash('9') },
    cause: 'key-compromised',
    reason: 'stolen laptop',
    by,
    effectiveAt: at,
    nonce: '0123456789abcdef0123456789abcdef',
  },
  'site-enrolment': {
    type: 'site-enrolment',
    version: 1,
    siteId: 'seoul',
    identity: Identity.generate('seoul').toJSON(),
    codeHash: hash('f'),
    nonce: '0123456789abcdef0123456789abcdef',
    createdAt: at,
  },
  'site-login': {
    type: 'site-login',
    version: 1,
    siteId: 'seoul',
    challenge: hash('1'),
    coordinatorKey: hash('8'),
    createdAt: at,
  },
  error: { type: 'error', version: 1, code: 'ROUND.CLOSED', message: 'closed', correlationId: 'r-1' },
};
const weakIdentity = Identity.generate('seoul').toJSON();
/** The neutral element: a point of small order, under which anybody can sign. */
const weakKey = Buffer.from(Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0))).toString('base64');
const types = Object.keys(examples) as MessageType[];

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
  return 'nothing thrown';
}

describe('messages', () => {
  it.each(types)('reads a valid %s unchanged', (type) => {
    expect(parseMessage(type, examples[type])).toEqual(examples[type]);
  });

  it.each(types.filter((type) => type !== 'error'))('refuses an unknown member in %s', (type) => {
    expect(codeOf(() => parseMessage(type, { ...examples[type], extra: 1 }))).toBe('PROTOCOL.INVALID_MESSAGE');
  });

  it('lets an error body carry members of a newer version', () => {
    expect(parseMessage('error', { ...examples.error, retryAfterSeconds: 5 })).toEqual(examples.error);
  });

  it.each(types)('refuses %s without any one of its members', (type) => {
    for (const member of Object.keys(examples[type])) {
      const partial = Object.fromEntries(Object.entries(examples[type]).filter(([name]) => name !== member));
      expect([member, codeOf(() => parseMessage(type, partial))]).toEqual([member, 'PROTOCOL.INVALID_MESSAGE']);
    }
  });

  it.each(types)('refuses another version of %s before it looks at the rest', (type) => {
    expect(codeOf(() => parseMessage(type, { type, version: 2 }))).toBe('PROTOCOL.UNSUPPORTED_VERSION');
  });

  it('refuses a message of another type', () => {
    expect(codeOf(() => parseMessage('approval', examples.revocation))).toBe('PROTOCOL.WRONG_TYPE');
  });

  it.each([
    ['an unknown member deep inside', 'study-plan', { training: { ...plan.training, dropout: 0.1 } }],
    ['a quorum below minimumSites', 'study-plan', { schedule: { ...plan.schedule, quorum: 2 } }],
    ['an aggregation mode it does not know', 'study-plan', { aggregation: { ...plan.aggregation, mode: 'secure' } }],
    ['a NaN', 'study-plan', { teacher: { momentumPerStep: Number.NaN } }],
    ['sites out of order', 'round-manifest', { sites: ['seoul', 'daegu'] }],
    ['a site twice', 'round-manifest', { sites: ['seoul', 'seoul'] }],
    ['a hash in capitals', 'round-manifest', { planHash: 'A'.repeat(64) }],
    ['a site name with a path', 'update-manifest', { siteId: '../etc' }],
    [
      'more accepted pseudo-labels than images',
      'update-manifest',
      { counts: { steps: 1, imagesSeen: 1, acceptedPseudoLabels: 2, labelledImages: 0 } },
    ],
    ['an interval without its value', 'evaluation-report', { auc: { value: 0.9, low: 0.91, high: 0.95 } }],
    ['a time zone that is none', 'site-policy', { hours: { timeZone: 'Mars/Olympus', from: '00:00', to: '01:00' } }],
    ['a signing key that is no point', 'site-enrolment', { identity: { ...weakIdentity, signingKey: weakKey } }],
    ['a challenge of 16 bytes', 'site-login', { challenge: 'ab'.repeat(16) }],
    ['an hour 24', 'site-policy', { hours: { timeZone: 'UTC', from: '24:00', to: '01:00' } }],
  ] as const)('refuses %s', (_what, type, change) => {
    expect(codeOf(() => parseMessage(type, { ...examples[type], ...change }))).toBe('PROTOCOL.INVALID_MESSAGE');
  });

  it('names the field that is wrong', () => {
    expect(() => parseMessage('round-manifest', { ...examples['round-manifest'], round: 0 })).toThrow(/round: /);
  });
});

describe('error body', () => {
  it('carries code and message, and nothing of details or cause', () => {
    const error = new ProtocolError('ROUND.CLOSED', 'closed', { details: { path: '/secret' }, cause: new Error('x') });
    expect(errorBody(error, 'r-1')).toEqual(examples.error);
  });
});

describe('ledger entries', () => {
  const entry = { type: 'site-enrolled', version: 1, at, siteId: 'seoul', keyFingerprint: hash('9') };

  it('reads an entry and makes the same leaf whatever the order of its members', () => {
    const reversed = Object.fromEntries(Object.entries(entry).reverse());
    expect(ledgerLeaf(parseLedgerEntry(reversed))).toEqual(ledgerLeaf(parseLedgerEntry(entry)));
  });

  it.each([
    ['an unknown member', { ...entry, note: 'x' }],
    ['an unknown type', { ...entry, type: 'site-renamed' }],
    ['a missing member', { type: 'site-enrolled', version: 1, at, siteId: 'seoul' }],
  ])('refuses %s', (_what, value) => {
    expect(codeOf(() => parseLedgerEntry(value))).toBe('PROTOCOL.INVALID_MESSAGE');
  });
});

describe('plan hash', () => {
  it('is the same for members in another order and another for any change', () => {
    const reversed = Object.fromEntries(Object.entries(plan).reverse()) as unknown as typeof plan;
    expect(planHash(reversed)).toBe(planHash(plan));
    expect(planHash({ ...plan, teacher: { mode: 'server', momentumPerStep: 0.9994 } })).not.toBe(planHash(plan));
  });

  it('does not move between releases', () => {
    expect(planHash(plan)).toBe('86b4b4bddb0d44768ea74179cb943312e8272b78329538b24b071af3add72064');
  });

  it('is the SHA-256 of JSON with sorted members and no spaces', () => {
    const sorted = (value: unknown): unknown =>
      typeof value !== 'object' || value === null || Array.isArray(value)
        ? value
        : Object.fromEntries(
            Object.entries(value)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([name, member]) => [name, sorted(member)]),
          );
    const text = JSON.stringify(sorted(plan));
    expect(planHash(plan)).toBe(createHash('sha256').update(text).digest('hex'));
  });
});
