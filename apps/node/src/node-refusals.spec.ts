import { Identity } from '@fedistl/crypto';
import { type SpecCoordinator } from './testing/spec-coordinator';
import { SpecImages, SpecNode } from './testing/spec-node';
import { SpecRefusal } from './testing/spec-refusal';

jest.setTimeout(90_000);

let images: SpecImages;
let node: SpecNode;
let coordinator: SpecCoordinator;

beforeAll(async () => {
  images = await SpecImages.make();
});

afterAll(() => {
  images.remove();
});

beforeEach(async () => {
  node = await SpecNode.enrol(images);
  ({ coordinator } = node);
});

afterEach(() => node.stop());

it('withdraws with the reasons when the policy forbids the round', async () => {
  node.changePolicy({ minimumPeers: 2, minimumBatchSize: 100 });
  coordinator.askRound();
  await node.start();
  const withdrawal = await node.until(() => coordinator.withdrawals[0]);
  expect(withdrawal.code).toMatch(/^POLICY\./);
  expect(withdrawal.message).toContain('POLICY.TOO_FEW_PEERS');
  const { rounds, studies } = await node.until(async () => {
    const status = await node.control.status();
    return status.rounds[0]?.stage === 'withdrawn' && status;
  });
  expect(rounds[0]?.reasons.map(({ code }) => code)).toContain('POLICY.BATCH_TOO_SMALL');
  expect(studies[0]).toMatchObject({ joined: false });
  expect(coordinator.updates).toEqual([]);
});

it('does nothing for a manifest of another key, and says so', async () => {
  coordinator.askRound({}, Identity.generate('coordinator'));
  await node.start();
  const told = await node.until(async () =>
    (await node.control.status()).recent.find(({ code }) => code === 'PROTOCOL.BAD_SIGNATURE'),
  );
  expect(told.message).toContain('cannot be trusted');
  expect((await node.control.status()).rounds).toEqual([]);
  expect(coordinator.withdrawals).toEqual([]);
});

it('refuses a model index that has gone back', async () => {
  coordinator.askRound({ modelIndex: 9 });
  await node.start();
  await node.until(() => coordinator.updates[0]);
  coordinator.askRound({ attempt: 2, modelIndex: 8 });
  expect(await node.until(() => coordinator.withdrawals[0])).toMatchObject({ code: 'MANIFEST.MODEL_ROLLBACK' });
});

it('gives a round up that the coordinator no longer waits for, and records a refusal', async () => {
  coordinator.beforeAnswer = (name) => {
    if (name === 'submitUpdate') throw new SpecRefusal(409, 'ROUND.CLOSED');
  };
  coordinator.askRound();
  await node.start();
  await node.until(async () => {
    const round = (await node.control.status()).rounds[0];
    return round?.stage === 'refused' && round.reasons[0]?.code === 'ROUND.CLOSED';
  });
});

it('withdraws with a code when training cannot be done, without a word of the data set', async () => {
  await node.assign('secret-name');
  coordinator.askRound();
  await node.start();
  const withdrawal = await node.until(() => coordinator.withdrawals[0]);
  expect(withdrawal.code).toBe('DATASET.NOT_FOUND');
  expect(Buffer.concat(coordinator.received).includes('secret-name')).toBe(false);
  expect(JSON.stringify(withdrawal)).not.toContain(images.root);
});

it.each([
  ['its policy forbids it', 'POLICY.STUDY_NOT_ALLOWED', { allowedStudies: [] }, 'chest'],
  ['its hold-out has no two images of a class', 'NODE.HOLD_OUT_TOO_SMALL', {}, 'handful'],
  ['it cannot be done, without a word of the data set', 'DATASET.NOT_FOUND', {}, 'secret-name'],
])('withdraws from an evaluation when %s', async (_, code, policy, dataSet) => {
  node.changePolicy(policy);
  await node.assign(dataSet);
  coordinator.askEvaluation();
  await node.start();
  const withdrawal = await node.until(() => coordinator.evaluationWithdrawals[0]);
  expect(withdrawal).toMatchObject({ studyId: 'tiny', generation: 0, code });
  expect(JSON.stringify(withdrawal)).not.toMatch(/secret-name|handful/);
  const { evaluations } = await node.until(async () => {
    const status = await node.control.status();
    return status.evaluations[0]?.stage === 'withdrawn' && status;
  });
  expect(evaluations[0]?.reasons[0]?.code).toBe(code);
  expect((await node.control.egress()).entries.find((entry) => entry.class === 'withdrawal')).toMatchObject({
    of: { studyId: 'tiny', generation: 0, round: null },
    purpose: `does not evaluate: ${code}`,
  });
  expect(coordinator.reports).toEqual([]);
});

it('says again that it withdraws from an evaluation when the answer got lost', async () => {
  node.changePolicy({ allowedStudies: [] });
  let lost = 0;
  coordinator.beforeAnswer = (name) => {
    if (name === 'withdrawEvaluation' && lost++ === 0) throw new SpecRefusal(503, 'INTERNAL.ERROR');
  };
  coordinator.askEvaluation();
  await node.start();
  await node.until(async () => (await node.control.status()).evaluations[0]?.stage === 'withdrawn');
  expect(lost).toBeGreaterThan(1);
});
