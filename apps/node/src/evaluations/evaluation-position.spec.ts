import { parseModelHash, parsePlanHash, parseSiteId, parseStudyId } from '@fedistl/core';
import { type Envelope } from '@fedistl/crypto';
import { type EvaluationOrder } from '@fedistl/protocol';
import { acceptOrder, type EvaluationEvent, nextEvaluationStep, stepEvaluation } from './evaluation-position';

const now = new Date('2026-01-01T00:00:00Z');
const order: EvaluationOrder = {
  type: 'evaluation-order',
  version: 1,
  studyId: parseStudyId('tiny'),
  generation: 1,
  planHash: parsePlanHash('a'.repeat(64)),
  candidateHash: parseModelHash('b'.repeat(64)),
  referenceHash: null,
  modelIndex: 3,
  sites: [parseSiteId('site-a')],
  issuedAt: now.toISOString(),
  deadlineAt: now.toISOString(),
};
const envelope: Envelope = { payloadType: 'application/json', payload: 'e30=', signatures: [] };
const reason = { code: 'POLICY.STUDY_NOT_ALLOWED', message: 'no' };

const after = (...events: EvaluationEvent[]) =>
  events.reduce((position, event) => stepEvaluation(position, event, now), acceptOrder(order, now));

describe('an evaluation of a node', () => {
  it('goes from the order to the answer', () => {
    const events: EvaluationEvent[] = [{ type: 'downloaded' }, { type: 'signed', envelope }, { type: 'submitted' }];
    const steps = [0, 1, 2, 3].map((count) => nextEvaluationStep(after(...events.slice(0, count))));
    expect(steps).toEqual(['download', 'measure', 'submit', null]);
  });

  it('says that it withdraws, from every stage that is not over, and is over then', () => {
    for (const before of [[], [{ type: 'downloaded' }], [{ type: 'downloaded' }, { type: 'signed', envelope }]]) {
      const withdrawing = after(...(before as EvaluationEvent[]), { type: 'withdraw', reasons: [reason] });
      expect(withdrawing).toMatchObject({ stage: 'withdrawing', reasons: [reason] });
      expect(nextEvaluationStep(withdrawing)).toBe('send-withdrawal');
      const withdrawn = stepEvaluation(withdrawing, { type: 'withdrawal-sent' }, now);
      expect([withdrawn.stage, nextEvaluationStep(withdrawn)]).toEqual(['withdrawn', null]);
    }
  });

  it('withdraws when its process died too often', () => {
    const crashed: EvaluationEvent = { type: 'crashed' };
    expect(after({ type: 'downloaded' }, crashed, crashed)).toMatchObject({ stage: 'downloaded', crashes: 2 });
    expect(after({ type: 'downloaded' }, crashed, crashed, crashed)).toMatchObject({
      stage: 'withdrawing',
      reasons: [{ code: 'NODE.TRAINING_CRASHED' }],
    });
  });

  it('stays as it ended, whatever comes late', () => {
    const ends: EvaluationEvent[][] = [
      [{ type: 'downloaded' }, { type: 'signed', envelope }, { type: 'submitted' }],
      [{ type: 'withdraw', reasons: [reason] }, { type: 'withdrawal-sent' }],
      [{ type: 'refused', reason }],
      [{ type: 'closed', reason }],
    ];
    const late: EvaluationEvent[] = [
      ...ends.flat(),
      { type: 'crashed' },
      { type: 'withdraw', reasons: [{ code: 'NODE.WITHDRAWN', message: 'late' }] },
    ];
    for (const end of ends.map((events) => after(...events))) {
      for (const event of late) expect(stepEvaluation(end, event, now)).toBe(end);
    }
  });
});
