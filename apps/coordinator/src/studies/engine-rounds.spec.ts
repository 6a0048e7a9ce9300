import { readPayload } from '@fedistl/crypto';
import { canRunPostgres } from '@fedistl/persistence/testing';
import { studyId, TestFederation, tinyPlan } from './testing/test-federation';

const refused = (code: string): Error => expect.objectContaining({ code }) as Error;

(canRunPostgres() ? describe : describe.skip)('a round of the engine', () => {
  let federation: TestFederation;
  beforeEach(async () => {
    federation = await TestFederation.start(['busan', 'daegu', 'seoul']);
  }, 60_000);
  afterEach(() => federation.dispose());

  const toGeneration1 = async (): Promise<void> => {
    await federation.startStudy();
    await federation.site('busan').work(federation);
    await federation.drain();
    for (const site of federation.sites) await site.work(federation);
    await federation.drain();
    expect(await federation.study()).toMatchObject({ generation: 1, round: 1 });
  };

  it('tries again when too few updates came by the deadline, and loses none', async () => {
    await toGeneration1();
    const [busan, daegu, seoul] = federation.sites;
    await busan!.work(federation);
    federation.clock.pass(599);
    await federation.drain();
    expect((await daegu!.openRound(federation)).attempt).toBe(1);
    expect(await busan!.openWork(federation)).toEqual([]);
    const late = await daegu!.update(await daegu!.openRound(federation));
    federation.clock.pass(1);
    await federation.drain();

    expect(await busan!.openRound(federation)).toMatchObject({ generation: 1, round: 1, attempt: 2 });
    await expect(federation.intake.submit(daegu!.siteId, late)).rejects.toThrow(refused('ROUND.WRONG_ATTEMPT'));
    // The same blob, signed for the new attempt; at the deadline two are enough.
    await busan!.work(federation);
    await seoul!.work(federation);
    federation.clock.pass(600);
    await federation.drain();
    expect(await federation.study()).toMatchObject({ generation: 1, round: 2 });
    const { rounds } = await federation.views.ofStudy(studyId);
    expect(rounds[1]).toMatchObject({ attempt: 2, phase: 'completed' });
    expect(rounds[1]?.updates.map(({ siteId }) => siteId)).toEqual(['busan', 'seoul']);
  }, 60_000);

  it('goes on without a site that withdrew, and without one that was revoked, update and all', async () => {
    await toGeneration1();
    const [busan, daegu, seoul] = federation.sites;
    await daegu!.work(federation);
    await federation.revoke(daegu!.siteId);
    await expect(
      federation.intake.submit(daegu!.siteId, await daegu!.update(await busan!.openRound(federation))),
    ).rejects.toThrow(refused('ROUND.SITE_REVOKED'));
    await busan!.work(federation);
    expect((await federation.study()).round).toBe(1);
    await seoul!.work(federation);
    await federation.drain();
    expect((await federation.study()).round).toBe(2);
    const [, first] = (await federation.views.ofStudy(studyId)).rounds;
    expect(first?.updates.map(({ siteId }) => siteId)).toEqual(['busan', 'seoul']);

    const { generation, round, attempt } = await seoul!.openRound(federation);
    const word = { studyId, generation, round, attempt, code: 'POLICY.OUTSIDE_HOURS', message: 'night' };
    await federation.rounds.withdraw(seoul!.siteId, word);
    await federation.rounds.withdraw(seoul!.siteId, word).catch(() => undefined);
    await federation.drain();
    // One site is left of the two that the plan asks for: a new attempt.
    expect((await busan!.openRound(federation)).attempt).toBe(2);
  }, 60_000);

  it('leaves a blob out that rotted on disk after it was accepted', async () => {
    await toGeneration1();
    const [busan, daegu, seoul] = federation.sites;
    await busan!.work(federation);
    await daegu!.work(federation);
    const { repositories } = federation.test.database;
    const accepted = await repositories.rounds.update({ studyId, generation: 1, round: 1 }, 1, daegu!.siteId);
    await federation.damage(accepted!.blobHash);
    await seoul!.work(federation);
    await federation.drain();
    const settled = await repositories.rounds.updates({ studyId, generation: 1, round: 1 }, 1);
    expect(settled.map(({ siteId, state, stateReason }) => [siteId, state, stateReason])).toEqual([
      ['busan', 'aggregated', null],
      ['daegu', 'refused', 'UPDATE.HASH_MISMATCH'],
      ['seoul', 'aggregated', null],
    ]);
  }, 60_000);

  it('refuses what is not what it asked for', async () => {
    await toGeneration1();
    const [busan, daegu] = federation.sites;
    const open = await busan!.openRound(federation);
    const submit = async (change: object) => federation.intake.submit(busan!.siteId, await busan!.update(open, change));
    await expect(submit({ baseModelHash: 'a'.repeat(64) })).rejects.toThrow(refused('UPDATE.STALE_BASE'));
    await expect(submit({ planHash: 'a'.repeat(64) })).rejects.toThrow(refused('UPDATE.WRONG_PLAN'));
    await expect(submit({ teacherHash: null })).rejects.toThrow(refused('UPDATE.WRONG_TEACHER'));
    await expect(submit({ attempt: 2 })).rejects.toThrow(refused('ROUND.UNKNOWN'));
    await expect(submit({ siteId: 'daegu' })).rejects.toThrow(refused('ROUND.FOREIGN_UPDATE'));
    await expect(federation.intake.submit(busan!.siteId, await daegu!.update(open))).rejects.toThrow(
      refused('PROTOCOL.BAD_SIGNATURE'),
    );
    // Another site's blob under one's own name.
    const stolen = readPayload(await daegu!.update(open)) as { payload: object };
    await expect(submit({ payload: stolen.payload })).rejects.toThrow(refused('ROUND.NO_BLOB'));
    await daegu!.work(federation);
    await expect(submit({ payload: stolen.payload })).rejects.toThrow(refused('UPDATE.REPLAYED'));
    await busan!.work(federation);
    await expect(submit({ nonce: 'f'.repeat(32) })).resolves.toEqual({ accepted: true, duplicate: true });
    expect((await federation.study()).round).toBe(1);
  }, 60_000);

  it('stops for a person after its last attempt, and starts again when told', async () => {
    await federation.startStudy(tinyPlan({ maximumAttempts: 2 }));
    for (let attempt = 1; attempt <= 2; attempt++) {
      federation.clock.pass(600);
      await federation.drain();
    }
    const stopped = await federation.studies.show(studyId);
    expect(stopped).toMatchObject({ state: 'paused', generation: 0, round: 1 });
    expect(stopped.reason?.code).toMatch(/^ROUND\./);
    await federation.studies.resume(studyId);
    await federation.drain();
    expect((await federation.site('busan').openRound(federation)).attempt).toBe(3);
    await federation.run();
    expect((await federation.study()).state).toBe('completed');
  }, 60_000);
});
