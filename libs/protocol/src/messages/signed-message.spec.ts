import { parseStudyId } from '@fedistl/core';
import { Identity, fromBase64, toBase64 } from '@fedistl/crypto';
import { referencePlan } from '../plan/reference-plan';
import { openMessage, signMessage } from './signed-message';

const plan = referencePlan({
  studyId: parseStudyId('tb'),
  title: 'TB',
  finding: 'tuberculosis',
  createdAt: '2026-01-01T00:00:00Z',
});
const coordinator = Identity.generate('coordinator');
const reviewer = Identity.generate('reviewer');
const keys = [coordinator.public, reviewer.public];

describe('signed messages', () => {
  it('opens what it signed', () => {
    expect(openMessage('study-plan', signMessage(plan, coordinator), { keys })).toEqual(plan);
  });

  it('asks for as many different signers as the threshold says', () => {
    expect(openMessage('study-plan', signMessage(plan, [coordinator, reviewer]), { keys, threshold: 2 })).toEqual(plan);
    expect(() => openMessage('study-plan', signMessage(plan, coordinator), { keys, threshold: 2 })).toThrow(
      expect.objectContaining({ code: 'PROTOCOL.BAD_SIGNATURE' }) as Error,
    );
  });

  it('refuses a key that is not trusted, a changed payload and another type', () => {
    const refused = expect.objectContaining({ code: 'PROTOCOL.BAD_SIGNATURE' }) as Error;
    const envelope = signMessage(plan, coordinator);
    const bytes = fromBase64(envelope.payload);
    bytes[20] = (bytes[20] ?? 0) ^ 1;
    expect(() => openMessage('study-plan', envelope, { keys: [reviewer.public] })).toThrow(refused);
    expect(() => openMessage('study-plan', { ...envelope, payload: toBase64(bytes) }, { keys })).toThrow(refused);
    expect(() => openMessage('approval', envelope, { keys })).toThrow(refused);
  });
});
