import { type Envelope } from '../envelope/envelope';
import { payloadType } from '../envelope/payload-type';
import { addSignature, createEnvelope } from '../envelope/sign-envelope';
import { readPayload } from '../envelope/verify-envelope';
import { Identity } from '../identity/identity';
import { verifyEd25519Native } from '../node/native-ed25519';
import { beginKeyHistory, extendKeyHistory, type KeyHistory, replayKeyHistory } from './key-history';
import { revocationType, rotationType } from './key-record';
import { signRevocation, signRotation } from './sign-key-record';

const seeded = (name: string, fill: number) =>
  Identity.fromSecrets(name, {
    signingSeed: new Uint8Array(32).fill(fill),
    boxSecret: new Uint8Array(32).fill(fill + 1),
  });
const [first, second, third] = [seeded('site-a', 1), seeded('site-a', 3), seeded('site-a', 5)];
const admins = [seeded('admin-1', 11), seeded('admin-2', 13), seeded('admin-3', 15)];
const stranger = seeded('stranger', 21);
const authorities = { keys: admins.map((admin) => admin.public), threshold: 2 };
const genesis = beginKeyHistory(first.public);
const verify = verifyEd25519Native;

function extend(history: KeyHistory, record: Envelope): KeyHistory {
  const answer = extendKeyHistory(history, record, authorities, verify);
  if (!answer.accepted) throw new Error(answer.problem);
  return answer.history;
}
const problemOf = (history: KeyHistory, record: Envelope) => {
  const answer = extendKeyHistory(history, record, authorities, verify);
  return answer.accepted ? 'accepted' : answer.problem;
};
const scheduled = { reason: 'scheduled', time: 100 } as const;
const rotation = signRotation({ history: genesis, next: second, approvers: [first], ...scheduled });

describe('a key history', () => {
  it('goes from key to key by records that both sign', () => {
    const after = extend(genesis, rotation);
    expect(after.current).toEqual(second.public);
    const again = signRotation({ history: after, next: third, approvers: [second], reason: 'scheduled', time: 200 });
    const end = extend(after, again);
    expect(end).toMatchObject({ sequence: 2, used: [first.keyId, second.keyId, third.keyId], current: third.public });
    const replayed = replayKeyHistory(first.public, [rotation, again], authorities, verify);
    expect(replayed).toEqual({ accepted: true, history: end, records: 2 });
  });

  it('survives a lost key by the authorities', () => {
    const approvers = [admins[0]!, admins[2]!];
    const record = signRotation({ history: genesis, next: second, approvers, reason: 'lost', time: 5 });
    expect(extend(genesis, record).current).toEqual(second.public);
  });

  it('ends by a revocation, and goes on only by the authorities', () => {
    const byItself = signRevocation({ history: genesis, approvers: [first], reason: 'compromised', time: 5 });
    const revoked = extend(genesis, byItself);
    expect(revoked.current).toBeUndefined();
    const old = signRotation({ history: revoked, next: second, approvers: [first], reason: 'compromised', time: 6 });
    expect(problemOf(revoked, old)).toBe('not-authorised');
    const anew = signRotation({
      history: revoked,
      next: second,
      approvers: admins.slice(1),
      reason: 'compromised',
      time: 6,
    });
    expect(extend(revoked, anew).current).toEqual(second.public);
    const twice = signRevocation({ history: revoked, approvers: admins, reason: 'left', time: 7 });
    expect(problemOf(revoked, twice)).toBe('wrong-key');
  });

  it('can be revoked by the authorities against the key\u2019s will', () => {
    const record = signRevocation({ history: genesis, approvers: admins.slice(0, 2), reason: 'left', time: 5 });
    expect(extend(genesis, record).current).toBeUndefined();
  });
});

describe('a record that does not continue a history', () => {
  const forged = (change: Record<string, unknown>, signers = [second, first]) =>
    createEnvelope(rotationType, { ...(readPayload(rotation) as object), ...change }, signers);

  it.each([
    [
      'signed by the new key alone',
      signRotation({ history: genesis, next: second, approvers: [], ...scheduled }),
      'not-authorised',
    ],
    ['signed by the old key alone', forged({}, [first]), 'not-signed-by-new-key'],
    [
      'approved by one authority of two',
      signRotation({ history: genesis, next: second, approvers: [admins[0]!], ...scheduled }),
      'not-authorised',
    ],
    [
      'approved by strangers',
      signRotation({ history: genesis, next: second, approvers: [stranger, third], ...scheduled }),
      'not-authorised',
    ],
    ['of another party', forged({ name: 'site-b' }), 'wrong-name'],
    ['to keys of another name', forged({ next: stranger.toJSON() }, [stranger, first]), 'wrong-name'],
    ['with a number left out', forged({ sequence: 2 }), 'wrong-sequence'],
    ['after another record', forged({ previous: '0'.repeat(64) }), 'broken-link'],
    ['of a key that is not in force', forged({ key: second.keyId }), 'wrong-key'],
    [
      'back to the same key',
      signRotation({ history: genesis, next: first, approvers: admins, ...scheduled }),
      'reused-key',
    ],
    ['with an unknown field', forged({ admin: true }), 'malformed'],
    ['with an unknown reason', forged({ reason: 'because' }), 'malformed'],
    ['with half a second', forged({ time: 1.5 }), 'malformed'],
    ['without keys', forged({ next: null }), 'malformed'],
    [
      'of another payload type',
      createEnvelope(payloadType('update'), readPayload(rotation), [second, first]),
      'malformed',
    ],
    ['a rotation read as a revocation', createEnvelope(revocationType, readPayload(rotation), [first]), 'malformed'],
  ])('%s', (_, record, problem) => {
    expect(problemOf(genesis, record)).toBe(problem);
  });

  it('a second time', () => {
    expect(problemOf(extend(genesis, rotation), rotation)).toBe('wrong-sequence');
  });

  it('earlier than the last', () => {
    const after = extend(genesis, rotation);
    const early = signRotation({ history: after, next: third, approvers: [second], reason: 'scheduled', time: 99 });
    expect(problemOf(after, early)).toBe('time-reversed');
  });

  it('to a key that was given up before', () => {
    const after = extend(genesis, rotation);
    const back = signRotation({ history: after, next: first, approvers: [second], reason: 'scheduled', time: 200 });
    expect(problemOf(after, back)).toBe('reused-key');
  });

  it('on another branch: after a fork of the history the records do not fit together', () => {
    const other = extend(genesis, signRotation({ history: genesis, next: third, approvers: [first], ...scheduled }));
    const next = signRotation({
      history: other,
      next: seeded('site-a', 9),
      approvers: [third],
      reason: 'scheduled',
      time: 300,
    });
    expect(problemOf(extend(genesis, rotation), next)).toBe('broken-link');
  });

  it('is named by its place in a replay', () => {
    const replayed = replayKeyHistory(first.public, [rotation, rotation], authorities, verify);
    expect(replayed).toEqual({ accepted: false, problem: 'wrong-sequence', records: 1 });
  });

  it('stays accepted when another party signs too', () => {
    expect(problemOf(genesis, addSignature(rotation, stranger))).toBe('accepted');
  });

  it('is not accepted with a threshold of zero authorities', () => {
    const alone = signRotation({ history: genesis, next: second, approvers: [], ...scheduled });
    const answer = extendKeyHistory(genesis, alone, { keys: authorities.keys, threshold: 0 }, verify);
    expect(answer).toEqual({ accepted: false, problem: 'not-authorised' });
  });
});
