import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { verifyEgress } from './egress/egress-ledger';
import { startNode } from './start-node';
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

it('enrols with a fingerprint to read out', () => {
  expect(node.siteFingerprint).toMatch(/^(\d{5} ){7}\d{5}$/);
});

it('trains a round, sends the signed update, evaluates, and has a line for all that left', async () => {
  coordinator.askRound();
  await node.start();
  const update = await node.until(() => coordinator.updates[0]);
  expect(update).toMatchObject({ siteId: 'site-a', generation: 0, round: 1, attempt: 1, counts: { steps: 12 } });
  const blob = coordinator.blobs.get(update.payload.blobHash)!;
  expect(blob.length).toBe(update.payload.byteLength);
  expect(coordinator.participations[0]).toMatchObject({
    labelled: expect.any(Number) as number,
    holdOut: expect.any(Number) as number,
  });
  coordinator.askEvaluation();
  const report = await node.until(() => coordinator.reports[0]);
  expect(report).toMatchObject({ candidateHash: coordinator.initialModel, siteId: 'site-a' });
  // A second later there is nothing to do, and the page says what was done.
  const status = await node.until(async () => {
    const now = await node.control.status();
    return now.evaluations[0]?.stage === 'submitted' && now;
  });
  expect(status).toMatchObject({
    coordinator: { link: 'connected' },
    rounds: [{ stage: 'submitted', crashes: 0 }],
    studies: [{ studyId: 'tiny', joined: true, dataSet: 'chest', reasons: [] }],
    dataSets: [
      { name: 'chest', found: 80 },
      { name: 'handful', found: 8 },
    ],
  });
  expect(coordinator.heartbeats.length).toBeGreaterThan(0);
  const { entries } = verifyEgress(readFileSync(path.join(node.config.directory, 'egress.jsonl'), 'utf8'));
  const classes = entries.map((entry) => entry.class);
  expect(new Set(classes)).toEqual(
    new Set([
      'enrolment',
      'session',
      'heartbeat',
      'participation',
      'progress',
      'update-blob',
      'update-manifest',
      'evaluation-report',
    ]),
  );
  expect(entries.find((entry) => entry.class === 'update-blob')).toMatchObject({
    bytes: blob.length,
    hash: update.payload.blobHash,
  });
});

it('signs the kept update again for a new attempt', async () => {
  coordinator.askRound({ generation: 1 });
  await node.start();
  const first = await node.until(() => coordinator.updates[0]);
  // The node has asked for work in between, and found that this round wants nothing of it.
  await node.until(async () => (await node.control.status()).rounds[0]?.stage === 'submitted');
  const asked = coordinator.workCalls;
  await node.until(() => coordinator.workCalls > asked + 1);
  coordinator.askRound({ generation: 1, attempt: 2 });
  const second = await node.until(() => coordinator.updates[1]);
  expect(second.attempt).toBe(2);
  expect(second.payload).toEqual(first.payload);
  expect(second.nonce).not.toBe(first.nonce);
  expect((await node.control.egress()).entries.filter((entry) => entry.class === 'update-blob')).toHaveLength(1);
});

it('trains again for a new attempt when the kept update is gone, and sends the same', async () => {
  coordinator.askRound({ generation: 1 });
  await node.start();
  const first = await node.until(() => coordinator.updates[0]);
  await node.until(async () => (await node.control.status()).rounds[0]?.stage === 'submitted');
  rmSync(path.join(node.config.directory, 'rounds', 'tiny', 'g1-r1', 'training'), { recursive: true });
  coordinator.askRound({ generation: 1, attempt: 2 });
  const second = await node.until(() => coordinator.updates[1]);
  expect(second.payload).toEqual(first.payload);
});

it('takes no new round while it is paused, and goes on afterwards', async () => {
  await node.start();
  await node.control.pause('maintenance of the scanner');
  coordinator.askRound();
  await node.until(() => coordinator.heartbeats.some((body) => JSON.stringify(body).includes('paused')));
  expect((await node.control.status()).rounds).toEqual([]);
  await node.control.resume();
  await node.until(() => coordinator.updates[0]);
});

it('waits outside the hours of the policy', async () => {
  const hour = new Date().getUTCHours();
  const clock = (hours: number): string => `${String((hours + 24) % 24).padStart(2, '0')}:00`;
  node.changePolicy({ hours: { timeZone: 'UTC', from: clock(hour + 2), to: clock(hour + 3) } });
  coordinator.askRound();
  await node.start();
  await node.until(async () => (await node.control.status()).rounds[0]?.stage === 'accepted');
  expect((await node.control.status()).activity.kind).toBe('idle');
  node.changePolicy({ hours: null });
  await node.until(() => coordinator.updates[0]);
  expect(coordinator.withdrawals).toEqual([]);
});

it('waits for its approval, and stops being let in when it is revoked', async () => {
  coordinator.siteState = 'pending';
  coordinator.askRound();
  await node.start();
  await node.until(async () => (await node.control.status()).coordinator.reason?.code === 'NODE.NOT_APPROVED');
  coordinator.siteState = 'approved';
  await node.until(() => coordinator.updates[0]);
  coordinator.beforeAnswer = () => {
    throw new SpecRefusal(403, 'SITE.REVOKED');
  };
  const { coordinator: shown } = await node.until(async () => {
    const status = await node.control.status();
    return status.coordinator.link === 'waiting' && status;
  });
  expect(shown.reason?.code).toBe('SITE.REVOKED');
});

it('refuses to run twice on one data directory, and without an enrolment', async () => {
  await node.start();
  const lock = path.join(node.config.directory, 'node.lock');
  expect(readFileSync(lock, 'utf8')).toBe(String(process.pid));
  // Another process that lives.
  writeFileSync(lock, String(process.ppid));
  await expect(startNode(node.config)).rejects.toMatchObject({ code: 'NODE.RUNNING' });
  const elsewhere = { ...node.config, directory: mkdtempSync(path.join(images.root, 'none-')) };
  await expect(startNode(elsewhere)).rejects.toMatchObject({ code: 'NODE.NOT_ENROLLED' });
});
