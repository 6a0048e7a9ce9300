import { parseBlobHash, parseModelHash, parsePlanHash, parseSiteId, parseStudyId } from '@fedistl/core';
import { createEnvelope, Identity, payloadType } from '@fedistl/crypto';
import { type RoundManifest } from '@fedistl/protocol';
import fc from 'fast-check';
import { MOST_CRASHES, nextStep, receiveManifest, type RoundEvent, stepPosition } from './round-machine';
import { isOver, type RoundPosition, roundPositionSchema, type TrainedUpdate } from './round-position';

const now = new Date('2026-01-01T00:00:00Z');
const hash = (digit: string): string => digit.repeat(64);

const manifest: RoundManifest = {
  type: 'round-manifest',
  version: 1,
  studyId: parseStudyId('tb'),
  generation: 1,
  round: 2,
  attempt: 1,
  planHash: parsePlanHash(hash('1')),
  teacherHash: parseModelHash(hash('2')),
  studentHash: parseModelHash(hash('3')),
  centreHash: parseBlobHash(hash('4')),
  layoutHash: parseBlobHash(hash('5')),
  modelIndex: 7,
  aggregationMode: 'plain',
  sites: [parseSiteId('a'), parseSiteId('b')],
  issuedAt: now.toISOString(),
  deadlineAt: now.toISOString(),
};
const update: TrainedUpdate = {
  layoutHash: parseBlobHash(hash('5')),
  file: 'update.safetensors',
  residual: null,
  payload: {
    blobHash: parseBlobHash(hash('6')),
    byteLength: 100,
    parameters: 25,
    encoding: { name: 'float32' },
    centreLength: 0,
  },
  counts: { steps: 10, imagesSeen: 80, acceptedPseudoLabels: 70, labelledImages: 0 },
  statistics: { loss: 1 },
};
const envelope = createEnvelope(payloadType('update-manifest'), {}, Identity.generate('a'));
const reason = { code: 'ROUND.CLOSED', message: 'expected an open round' };

const first = (): RoundPosition => receiveManifest(null, manifest, now)!.position;
const run = (events: readonly RoundEvent[], from = first()): RoundPosition =>
  events.reduce((position, event) => stepPosition(position, event, now), from);

const course: readonly RoundEvent[] = [
  { type: 'downloaded' },
  { type: 'trained', update },
  { type: 'signed', envelope },
  { type: 'uploaded' },
  { type: 'submitted' },
];

describe('round machine', () => {
  it('asks for one step after another', () => {
    const steps = course.map((_, done) => nextStep(run(course.slice(0, done))));
    expect([...steps, nextStep(run(course))]).toEqual(['download', 'train', 'sign', 'upload', 'submit', null]);
  });

  it('signs a new attempt of the same base again and does not train', () => {
    const next = receiveManifest(run(course), { ...manifest, attempt: 2, modelIndex: 8 }, now);
    expect(next?.discard).toBe(false);
    expect(next?.position).toMatchObject({ stage: 'trained', update, envelope: null, manifest: { attempt: 2 } });
  });

  it('goes on training when a new attempt comes meanwhile, and starts again after a withdrawal', () => {
    const training = run(course.slice(0, 1));
    expect(receiveManifest(training, { ...manifest, attempt: 2 }, now)?.position.stage).toBe('downloaded');
    const withdrawn = run([{ type: 'withdraw', reasons: [reason] }, { type: 'withdrawal-sent' }], training);
    expect(withdrawn.stage).toBe('withdrawn');
    const again = receiveManifest(withdrawn, { ...manifest, attempt: 2 }, now)?.position;
    expect(again).toMatchObject({ stage: 'accepted', crashes: 0, reasons: [] });
  });

  it('discards what was trained on another base', () => {
    const other = { ...manifest, attempt: 2, studentHash: parseModelHash(hash('9')) };
    expect(receiveManifest(run(course), other, now)).toMatchObject({ discard: true, position: { update: null } });
  });

  it('takes no manifest of this attempt or an older one', () => {
    const second = receiveManifest(null, { ...manifest, attempt: 2 }, now)!.position;
    expect(receiveManifest(second, { ...manifest, attempt: 2 }, now)).toBeNull();
    expect(receiveManifest(second, manifest, now)).toBeNull();
  });

  it('withdraws after the third crash', () => {
    const crashes = Array.from({ length: MOST_CRASHES }, () => ({ type: 'crashed' }) as const);
    expect(run([{ type: 'downloaded' }, ...crashes.slice(1)]).stage).toBe('downloaded');
    expect(run([{ type: 'downloaded' }, ...crashes])).toMatchObject({
      stage: 'withdrawing',
      reasons: [{ code: 'NODE.TRAINING_CRASHED' }],
    });
  });

  it('sends a blob again that the coordinator lost, under the same signature', () => {
    const again = run([...course.slice(0, 4), { type: 'blob-lost' }]);
    expect(again).toMatchObject({ stage: 'signed', envelope });
  });

  const events: fc.Arbitrary<RoundEvent> = fc.constantFrom<RoundEvent>(
    ...course,
    { type: 'crashed' },
    { type: 'blob-lost' },
    { type: 'refused', reason },
    { type: 'withdraw', reasons: [reason] },
    { type: 'withdrawal-sent' },
    { type: 'closed', reason },
  );

  it('after any events: once signed the signature never changes, once over it stays over, and the file reads back', () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 20 }), (happened) => {
        let position = first();
        for (const event of happened) {
          const next = stepPosition(position, event, now);
          if (isOver(position.stage)) expect(next).toBe(position);
          if (position.envelope !== null) expect(next.envelope).toEqual(position.envelope);
          if (next.stage === 'uploaded') expect(next.envelope).not.toBeNull();
          if (['trained', 'signed', 'uploaded', 'submitted'].includes(next.stage)) expect(next.update).not.toBeNull();
          position = next;
        }
        expect(roundPositionSchema.parse(JSON.parse(JSON.stringify(position)))).toEqual(position);
      }),
      { numRuns: 300 },
    );
  });
});
