import { parseModelHash } from '@fedistl/core';
import { verifyLedgerExport, noteKeyOf, parseCheckpoint, readPayload } from '@fedistl/crypto';
import { verifyEd25519Native } from '@fedistl/crypto/node';
import { canRunPostgres, restartServer } from '@fedistl/persistence/testing';
import { type Study } from '@fedistl/persistence';
import { reviewer, lead, studyId, TestFederation, tinyPlan } from './testing/test-federation';

const refused = (code: string): Error => expect.objectContaining({ code }) as Error;

(canRunPostgres() ? describe : describe.skip)('the engine', () => {
  let federation: TestFederation;
  beforeEach(async () => {
    federation = await TestFederation.start(['busan', 'daegu', 'seoul']);
  }, 60_000);
  afterEach(() => federation.dispose());

  const study = async (): Promise<Study> => (await federation.test.database.repositories.studies.find(studyId))!;
  const decisions = async () =>
    (await federation.evaluations.matrix(studyId)).generations.map(({ decision }) => decision);

  it('runs a study from its plan to its last teacher, and proves it', async () => {
    await federation.startStudy();
    await federation.run();
    expect(await study()).toMatchObject({ state: 'completed', generation: 2, round: 2 });
    expect(await decisions()).toEqual(['promoted', 'promoted', 'promoted']);

    const { models } = await federation.models.ofStudy(studyId);
    const promoted = models.filter(({ state }) => state === 'promoted');
    expect(promoted.map(({ generation, kind }) => [generation, kind])).toEqual([
      [0, 'student'],
      [1, 'average'],
      [2, 'average'],
    ]);
    const indices = promoted.map(({ modelIndex }) => modelIndex);
    expect(indices).toEqual([...indices].sort((a, b) => a - b));
    expect((await study()).teacherHash).toBe(promoted[2]?.hash);
    expect(promoted[2]?.lineage.contributions.map(({ siteId }) => siteId)).toEqual(['busan', 'daegu', 'seoul']);
    expect(promoted[2]?.lineage.teacherHash).not.toBeNull();

    const { rounds } = await federation.views.ofStudy(studyId);
    expect(rounds.map(({ generation, round, attempt, phase }) => [generation, round, attempt, phase])).toEqual([
      [0, 1, 1, 'completed'],
      [1, 1, 1, 'completed'],
      [1, 2, 1, 'completed'],
      [2, 1, 1, 'completed'],
      [2, 2, 1, 'completed'],
    ]);

    const logKeys = [noteKeyOf(federation.identity.public, 'log')];
    const verified = await verifyLedgerExport(federation.audit.export(), { logKeys, verify: verifyEd25519Native });
    expect(verified.findings).toEqual([]);
    const { size } = parseCheckpoint((await federation.audit.checkpoint()).checkpoint);
    expect(size).toBeGreaterThan(25);
  }, 60_000);

  it('comes to the same teacher when everything happens twice, on two runners, through a restart of the database', async () => {
    await federation.startStudy();
    await federation.run();
    const undisturbed = await study();

    const disturbed = await TestFederation.start(['busan', 'daegu', 'seoul']);
    try {
      await disturbed.startStudy();
      let steps = 0;
      const { repositories, source } = disturbed.test.database;
      for (let busy = true; busy;) {
        busy = false;
        for (const site of [...disturbed.sites].reverse()) {
          const [open] = await site.openWork(disturbed);
          if (open === undefined) continue;
          busy = true;
          const again = open.kind === 'round' ? await site.update(await site.openRound(disturbed)) : null;
          await site.work(disturbed).catch(() => site.work(disturbed));
          if (again !== null) {
            expect(await disturbed.intake.submit(site.siteId, again)).toEqual({ accepted: true, duplicate: true });
          }
          if (++steps === 4) await restartServer();
        }
        // The first use of a connection that the restart cut fails, as it would for the runner, which tries again.
        await disturbed.drain(2).catch(() => disturbed.drain(2));
        // As after a crash between the work and the note that it is done.
        await source.query(
          `UPDATE job SET state = 'pending', finished_at = NULL WHERE type IN ('advance', 'aggregate') AND state = 'done'`,
        );
        await disturbed.drain(2);
      }
      const jobs = await repositories.jobs.list();
      expect(jobs.filter(({ lastError }) => lastError !== null)).toEqual([]);
      const { teacherHash, studentHash, averageHash, centreHash, modelIndex } = undisturbed;
      expect(await repositories.studies.find(studyId)).toMatchObject({
        ...{ state: 'completed', teacherHash, studentHash, averageHash, centreHash, modelIndex },
      });
    } finally {
      await disturbed.dispose();
    }
  }, 90_000);

  describe('a round', () => {
    const toGeneration1 = async (): Promise<void> => {
      await federation.startStudy();
      await federation.site('busan').work(federation);
      await federation.drain();
      for (const site of federation.sites) await site.work(federation);
      await federation.drain();
      expect(await study()).toMatchObject({ generation: 1, round: 1 });
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
      expect(await study()).toMatchObject({ generation: 1, round: 2 });
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
      expect((await study()).round).toBe(1);
      await seoul!.work(federation);
      await federation.drain();
      expect((await study()).round).toBe(2);
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
      const submit = async (change: object) =>
        federation.intake.submit(busan!.siteId, await busan!.update(open, change));
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
      expect((await study()).round).toBe(1);
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
      expect((await study()).state).toBe('completed');
    }, 60_000);
  });

  describe('a candidate', () => {
    it('is rejected by one site that finds it worse; the next generation starts from the teacher', async () => {
      await federation.startStudy();
      await federation.run(async (site) => {
        const { generation } = await study();
        site.gain = generation === 1 && site.siteId === federation.sites[2]?.siteId ? -0.2 : 0.05;
        return site.work(federation);
      });
      expect(await decisions()).toEqual(['promoted', 'rejected', 'promoted']);
      const { generations } = await federation.evaluations.matrix(studyId);
      expect(generations[1]?.reasons.map(({ code }) => code)).toEqual(['ACCEPTANCE.WORSE']);
      expect(generations[1]?.pooledAuc?.value).toBeCloseTo(0.8, 6);
      const { rounds } = federation.test.database.repositories;
      const fresh = await rounds.find({ studyId, generation: 2, round: 1 });
      const teacher = generations[0]!.candidateHash;
      expect(fresh).toMatchObject({ teacherHash: teacher, studentHash: teacher, centreHash: null, serverStep: 0 });
      expect(generations[2]?.referenceHash).toBe(teacher);
    }, 60_000);

    it('is decided at the deadline by those who answered; the first waits for a person when it fails', async () => {
      await federation.startStudy();
      await federation.site('busan').work(federation);
      await federation.drain();
      const order = await federation.site('seoul').openOrder(federation);
      const report = federation.site('busan').report(order);
      const submit = () => federation.evaluations.submit(federation.site('busan').siteId, report);
      expect(await submit()).toEqual({ accepted: true, duplicate: false });
      expect(await submit()).toEqual({ accepted: true, duplicate: true });
      federation.clock.pass(600);
      await federation.drain();
      expect(await decisions()).toEqual(['rejected']);
      expect((await federation.studies.show(studyId)).reason?.code).toBe('STUDY.NO_TEACHER');
      const seoul = federation.site('seoul');
      await expect(federation.evaluations.submit(seoul.siteId, seoul.report(order))).rejects.toThrow(
        refused('EVALUATION.CLOSED'),
      );

      const choice = { studyId, modelHash: order.candidateHash };
      await federation.work.run((unit) => federation.models.promote(unit, choice, { by: reviewer, reason: 'pilot' }));
      await federation.studies.resume(studyId);
      await federation.drain();
      expect(await seoul.openRound(federation)).toMatchObject({ generation: 1, teacherHash: order.candidateHash });
    }, 60_000);

    it('is decided as soon as everybody has answered or withdrawn, long before the deadline', async () => {
      await federation.startStudy();
      await federation.site('busan').work(federation);
      await federation.drain();
      const [busan, daegu, seoul] = federation.sites.map(({ siteId }) => siteId);
      const word = { studyId, generation: 0, code: 'POLICY.STUDY_NOT_ALLOWED', message: 'not allowed any more' };
      const withdraw = (site: typeof busan) => federation.evaluations.withdraw(site!, word);
      await withdraw(daegu);
      await withdraw(daegu);
      await federation.drain();
      expect(await federation.site('daegu').openWork(federation)).toEqual([]);
      const order = await federation.site('busan').openOrder(federation);
      await expect(federation.evaluations.submit(daegu!, federation.site('daegu').report(order))).rejects.toThrow(
        refused('EVALUATION.WITHDRAWN'),
      );
      await expect(federation.evaluations.withdraw(seoul!, { ...word, generation: 1 })).rejects.toThrow(
        refused('EVALUATION.NOT_ORDERED'),
      );
      await federation.site('busan').work(federation);
      await expect(withdraw(busan)).rejects.toThrow(refused('EVALUATION.CONFLICT'));
      await federation.drain();
      const { generations: waiting } = await federation.evaluations.matrix(studyId);
      expect(waiting[0]).toMatchObject({
        decision: 'pending',
        awaited: ['seoul'],
        withdrawn: [{ siteId: 'daegu', code: 'POLICY.STUDY_NOT_ALLOWED', message: 'not allowed any more' }],
      });
      await federation.site('seoul').work(federation);
      await federation.drain();
      expect(await decisions()).toEqual(['promoted']);
      expect(await study()).toMatchObject({ generation: 1, round: 1 });
      // The answer to the first word got lost: it is said again after the decision.
      await withdraw(daegu);
      await expect(federation.evaluations.withdraw(seoul!, word)).rejects.toThrow(refused('EVALUATION.CONFLICT'));
    }, 60_000);

    it('is rejected when everybody withdraws', async () => {
      await federation.startStudy();
      await federation.site('busan').work(federation);
      await federation.drain();
      const word = { studyId, generation: 0, code: 'NODE.HOLD_OUT_TOO_SMALL', message: 'one class' };
      for (const { siteId } of federation.sites) await federation.evaluations.withdraw(siteId, word);
      await federation.drain();
      const [generation] = (await federation.evaluations.matrix(studyId)).generations;
      expect(generation).toMatchObject({ decision: 'rejected', reports: [], awaited: [] });
      expect(generation?.withdrawn).toHaveLength(3);
      expect(generation?.reasons.map(({ code }) => code)).toEqual(['ACCEPTANCE.TOO_FEW_SITES']);
      expect((await federation.studies.show(studyId)).reason?.code).toBe('STUDY.NO_TEACHER');
    }, 60_000);

    it('is taken back by a rollback, which cancels what runs', async () => {
      await federation.startStudy();
      await federation.run(async (site) => ((await study()).generation < 2 ? site.work(federation) : false));
      const [first, second] = (await federation.evaluations.matrix(studyId)).generations;
      const before = await study();
      expect(before).toMatchObject({ generation: 2, teacherHash: second!.candidateHash });
      const back = { studyId, modelHash: parseModelHash(first!.candidateHash) };
      const decision = { by: reviewer, reason: 'worse in practice' };
      await expect(
        federation.work.run((unit) =>
          federation.models.rollback(unit, { studyId, modelHash: before.studentHash }, decision),
        ),
      ).rejects.toThrow(refused('MODEL.NEVER_PROMOTED'));
      await federation.work.run((unit) => federation.models.rollback(unit, back, decision));
      await federation.drain();
      const after = await study();
      expect(after).toMatchObject({ state: 'completed', teacherHash: first!.candidateHash });
      expect(after.modelIndex).toBeGreaterThan(before.modelIndex);
      const { models } = await federation.models.ofStudy(studyId);
      expect(models.find(({ hash, kind }) => hash === second!.candidateHash && kind === 'average')?.state).toBe(
        'retired',
      );
      expect((await federation.views.ofStudy(studyId)).rounds.at(-1)?.phase).toBe('cancelled');
      for (const site of federation.sites) expect(await site.openWork(federation)).toEqual([]);
    }, 60_000);
  });

  it('lets nobody approve what he created, nor move a study that is not there to be moved', async () => {
    const plan = tinyPlan();
    await expect(federation.studies.create(plan, 'a'.repeat(64) as never, lead)).rejects.toThrow(
      refused('STUDY.NO_MODEL'),
    );
    const model = await federation.uploadModel();
    await federation.studies.create(plan, model, lead);
    await expect(federation.studies.create(plan, model, lead)).rejects.toThrow(refused('STUDY.EXISTS'));
    await expect(federation.studies.start(studyId)).rejects.toThrow(refused('STUDY.WRONG_STATE'));
    await expect(federation.studies.approve(studyId, lead)).rejects.toThrow(refused('STUDY.FOUR_EYES'));
    await federation.studies.approve(studyId, reviewer);
    await federation.studies.start(studyId);
    await federation.drain();
    // Nobody has joined: it waits, and starts by itself with the first site that has labels.
    expect((await study()).state).toBe('running');
    const { siteId } = federation.sites[0]!;
    await federation.studies.join(siteId, studyId, { labelled: 4, unlabelledByFold: [], holdOut: 2 });
    await federation.drain();
    expect((await federation.sites[0]!.openRound(federation)).sites).toEqual([siteId]);
    await federation.studies.pause(studyId, lead);
    await federation.sites[0]!.work(federation);
    await federation.drain();
    expect(await federation.sites[0]!.openWork(federation)).toEqual([]);
    await federation.studies.resume(studyId);
    await federation.drain();
    expect((await federation.sites[0]!.openOrder(federation)).generation).toBe(0);
    await federation.studies.cancel(studyId, lead);
    await expect(federation.studies.resume(studyId)).rejects.toThrow(refused('STUDY.WRONG_STATE'));
  }, 60_000);
});
