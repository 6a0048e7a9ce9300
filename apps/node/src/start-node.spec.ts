import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NodeControl } from '@fedistl/client/node';
import { parseStudyId } from '@fedistl/core';
import { Identity } from '@fedistl/crypto';
import { planHash, type SitePolicy } from '@fedistl/protocol';
import { loadNodeConfig, type NodeConfig } from './config/node-config';
import { confirmFingerprint, enrolNode } from './enrolment/enrol-node';
import { verifyEgress } from './egress/egress-ledger';
import { type RunningNode, startNode } from './start-node';
import { assignDataSet } from './studies/assignments';
import { importSiteImages } from './testing/site-images';
import { SpecCoordinator } from './testing/spec-coordinator';
import { SpecRefusal } from './testing/spec-refusal';
import { tinyPlan } from './testing/tiny-plan';

jest.setTimeout(90_000);

const root = mkdtempSync(path.join(tmpdir(), 'fedistl-node-'));
let dataDirectory: string;

beforeAll(async () => {
  dataDirectory = await importSiteImages(root);
  await importSiteImages(root, { name: 'handful', count: 8 });
});

afterAll(() => {
  rmSync(root, { recursive: true });
});

describe('a node', () => {
  let coordinator: SpecCoordinator;
  let config: NodeConfig;
  let node: RunningNode | undefined;
  let control: NodeControl;

  beforeEach(async () => {
    coordinator = await SpecCoordinator.start(tinyPlan());
    config = await loadNodeConfig({
      environment: {},
      given: {
        directory: mkdtempSync(path.join(root, 'site-')),
        dataDirectory,
        pagePort: 0,
        engine: 'onnxruntime',
        threads: 1,
        pollSeconds: 0.1,
        heartbeatSeconds: 0.5,
        logLevel: 'silent',
      },
    });
    const { siteFingerprint } = await enrolNode({
      config,
      siteId: 'site-a' as never,
      baseUrl: coordinator.url,
      code: 'AAAAA-BBBBB-CCCCC-DDDDD',
      confirm: ({ fingerprint }) => confirmFingerprint(fingerprint)({ ...pinOf(coordinator), fingerprint }),
    });
    expect(siteFingerprint).toMatch(/^(\d{5} ){7}\d{5}$/);
    changePolicy({
      allowedStudies: [parseStudyId('tiny')],
      allowedPlanHashes: [planHash(coordinator.plan)],
      minimumPeers: 0,
    });
    await assignDataSet(path.join(config.directory, 'studies.json'), parseStudyId('tiny'), {
      dataSet: 'chest',
      positive: null,
    });
  });

  afterEach(async () => {
    await node?.stop();
    node = undefined;
    await coordinator.stop();
  });

  function pinOf({ identity }: SpecCoordinator) {
    return { identity: identity.public, ledgerKey: '' };
  }

  function changePolicy(changes: Partial<SitePolicy>): void {
    const file = path.join(config.directory, 'policy.json');
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as SitePolicy), ...changes }));
  }

  async function start(): Promise<void> {
    node = await startNode(config);
    control = await NodeControl.open(config.directory);
  }

  async function until<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
    for (let turn = 0; turn < 600; turn++) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`waited in vain; the node says ${JSON.stringify(await control.status())}`);
  }

  it('trains a round, sends the signed update, evaluates, and has a line for all that left', async () => {
    coordinator.askRound();
    await start();
    const update = await until(() => coordinator.updates[0]);
    expect(update).toMatchObject({ siteId: 'site-a', generation: 0, round: 1, attempt: 1, counts: { steps: 12 } });
    const blob = coordinator.blobs.get(update.payload.blobHash)!;
    expect(blob.length).toBe(update.payload.byteLength);
    expect(coordinator.participations[0]).toMatchObject({
      labelled: expect.any(Number) as number,
      holdOut: expect.any(Number) as number,
    });
    coordinator.askEvaluation();
    const report = await until(() => coordinator.reports[0]);
    expect(report).toMatchObject({ candidateHash: coordinator.initialModel, siteId: 'site-a' });
    // A second later there is nothing to do, and the page says what was done.
    const status = await until(async () => {
      const now = await control.status();
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
    const { entries } = verifyEgress(readFileSync(path.join(config.directory, 'egress.jsonl'), 'utf8'));
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
    await start();
    const first = await until(() => coordinator.updates[0]);
    // The node has asked for work in between, and found that this round wants nothing of it.
    await until(async () => (await control.status()).rounds[0]?.stage === 'submitted');
    const asked = coordinator.workCalls;
    await until(() => coordinator.workCalls > asked + 1);
    coordinator.askRound({ generation: 1, attempt: 2 });
    const second = await until(() => coordinator.updates[1]);
    expect(second.attempt).toBe(2);
    expect(second.payload).toEqual(first.payload);
    expect(second.nonce).not.toBe(first.nonce);
    expect((await control.egress()).entries.filter((entry) => entry.class === 'update-blob')).toHaveLength(1);
  });

  it('trains again for a new attempt when the kept update is gone, and sends the same', async () => {
    coordinator.askRound({ generation: 1 });
    await start();
    const first = await until(() => coordinator.updates[0]);
    await until(async () => (await control.status()).rounds[0]?.stage === 'submitted');
    rmSync(path.join(config.directory, 'rounds', 'tiny', 'g1-r1', 'training'), { recursive: true });
    coordinator.askRound({ generation: 1, attempt: 2 });
    const second = await until(() => coordinator.updates[1]);
    expect(second.payload).toEqual(first.payload);
  });

  it('withdraws with the reasons when the policy forbids the round', async () => {
    changePolicy({ minimumPeers: 2, minimumBatchSize: 100 });
    coordinator.askRound();
    await start();
    const withdrawal = await until(() => coordinator.withdrawals[0]);
    expect(withdrawal.code).toMatch(/^POLICY\./);
    expect(withdrawal.message).toContain('POLICY.TOO_FEW_PEERS');
    const { rounds, studies } = await until(async () => {
      const status = await control.status();
      return status.rounds[0]?.stage === 'withdrawn' && status;
    });
    expect(rounds[0]?.reasons.map(({ code }) => code)).toContain('POLICY.BATCH_TOO_SMALL');
    expect(studies[0]).toMatchObject({ joined: false });
    expect(coordinator.updates).toEqual([]);
  });

  it('does nothing for a manifest of another key, and says so', async () => {
    coordinator.askRound({}, Identity.generate('coordinator'));
    await start();
    const told = await until(async () =>
      (await control.status()).recent.find(({ code }) => code === 'PROTOCOL.BAD_SIGNATURE'),
    );
    expect(told.message).toContain('cannot be trusted');
    expect((await control.status()).rounds).toEqual([]);
    expect(coordinator.withdrawals).toEqual([]);
  });

  it('refuses a model index that has gone back', async () => {
    coordinator.askRound({ modelIndex: 9 });
    await start();
    await until(() => coordinator.updates[0]);
    coordinator.askRound({ attempt: 2, modelIndex: 8 });
    expect(await until(() => coordinator.withdrawals[0])).toMatchObject({ code: 'MANIFEST.MODEL_ROLLBACK' });
  });

  it('takes no new round while it is paused, and goes on afterwards', async () => {
    await start();
    await control.pause('maintenance of the scanner');
    coordinator.askRound();
    await until(() => coordinator.heartbeats.some((body) => JSON.stringify(body).includes('paused')));
    expect((await control.status()).rounds).toEqual([]);
    await control.resume();
    await until(() => coordinator.updates[0]);
  });

  it('waits outside the hours of the policy', async () => {
    const hour = new Date().getUTCHours();
    const clock = (hours: number): string => `${String((hours + 24) % 24).padStart(2, '0')}:00`;
    changePolicy({ hours: { timeZone: 'UTC', from: clock(hour + 2), to: clock(hour + 3) } });
    coordinator.askRound();
    await start();
    await until(async () => (await control.status()).rounds[0]?.stage === 'accepted');
    expect((await control.status()).activity.kind).toBe('idle');
    changePolicy({ hours: null });
    await until(() => coordinator.updates[0]);
    expect(coordinator.withdrawals).toEqual([]);
  });

  it('waits for its approval, and stops being let in when it is revoked', async () => {
    coordinator.siteState = 'pending';
    coordinator.askRound();
    await start();
    await until(async () => (await control.status()).coordinator.reason?.code === 'NODE.NOT_APPROVED');
    coordinator.siteState = 'approved';
    await until(() => coordinator.updates[0]);
    coordinator.beforeAnswer = () => {
      throw new SpecRefusal(403, 'SITE.REVOKED');
    };
    const { coordinator: shown } = await until(async () => {
      const status = await control.status();
      return status.coordinator.link === 'waiting' && status;
    });
    expect(shown.reason?.code).toBe('SITE.REVOKED');
  });

  it('gives a round up that the coordinator no longer waits for, and records a refusal', async () => {
    coordinator.beforeAnswer = (name) => {
      if (name === 'submitUpdate') throw new SpecRefusal(409, 'ROUND.CLOSED');
    };
    coordinator.askRound();
    await start();
    await until(async () => {
      const round = (await control.status()).rounds[0];
      return round?.stage === 'refused' && round.reasons[0]?.code === 'ROUND.CLOSED';
    });
  });

  it('withdraws with a code when training cannot be done, without a word of the data set', async () => {
    await assignDataSet(path.join(config.directory, 'studies.json'), parseStudyId('tiny'), {
      dataSet: 'secret-name',
      positive: null,
    });
    coordinator.askRound();
    await start();
    const withdrawal = await until(() => coordinator.withdrawals[0]);
    expect(withdrawal.code).toBe('DATASET.NOT_FOUND');
    expect(Buffer.concat(coordinator.received).includes('secret-name')).toBe(false);
    expect(JSON.stringify(withdrawal)).not.toContain(root);
  });

  it.each([
    ['its policy forbids it', 'POLICY.STUDY_NOT_ALLOWED', { allowedStudies: [] }, 'chest'],
    ['its hold-out has no two images of a class', 'NODE.HOLD_OUT_TOO_SMALL', {}, 'handful'],
    ['it cannot be done, without a word of the data set', 'DATASET.NOT_FOUND', {}, 'secret-name'],
  ])('withdraws from an evaluation when %s', async (_, code, policy, dataSet) => {
    changePolicy(policy);
    await assignDataSet(path.join(config.directory, 'studies.json'), parseStudyId('tiny'), { dataSet, positive: null });
    coordinator.askEvaluation();
    await start();
    const withdrawal = await until(() => coordinator.evaluationWithdrawals[0]);
    expect(withdrawal).toMatchObject({ studyId: 'tiny', generation: 0, code });
    expect(JSON.stringify(withdrawal)).not.toMatch(/secret-name|handful/);
    const { evaluations } = await until(async () => {
      const status = await control.status();
      return status.evaluations[0]?.stage === 'withdrawn' && status;
    });
    expect(evaluations[0]?.reasons[0]?.code).toBe(code);
    expect((await control.egress()).entries.find((entry) => entry.class === 'withdrawal')).toMatchObject({
      of: { studyId: 'tiny', generation: 0, round: null },
      purpose: `does not evaluate: ${code}`,
    });
    expect(coordinator.reports).toEqual([]);
  });

  it('says again that it withdraws from an evaluation when the answer got lost', async () => {
    changePolicy({ allowedStudies: [] });
    let lost = 0;
    coordinator.beforeAnswer = (name) => {
      if (name === 'withdrawEvaluation' && lost++ === 0) throw new SpecRefusal(503, 'INTERNAL.ERROR');
    };
    coordinator.askEvaluation();
    await start();
    await until(async () => (await control.status()).evaluations[0]?.stage === 'withdrawn');
    expect(lost).toBeGreaterThan(1);
  });

  it('refuses to run twice on one data directory, and without an enrolment', async () => {
    await start();
    const lock = path.join(config.directory, 'node.lock');
    expect(readFileSync(lock, 'utf8')).toBe(String(process.pid));
    // Another process that lives.
    writeFileSync(lock, String(process.ppid));
    await expect(startNode(config)).rejects.toMatchObject({ code: 'NODE.RUNNING' });
    const elsewhere = { ...config, directory: mkdtempSync(path.join(root, 'none-')) };
    await expect(startNode(elsewhere)).rejects.toMatchObject({ code: 'NODE.NOT_ENROLLED' });
  });
});
