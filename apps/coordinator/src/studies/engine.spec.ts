import { noteKeyOf, parseCheckpoint, verifyLedgerExport } from '@fedistl/crypto';
import { verifyEd25519Native } from '@fedistl/crypto/node';
import { canRunPostgres, restartServer } from '@fedistl/persistence/testing';
import { reviewer, lead, studyId, TestFederation, tinyPlan } from './testing/test-federation';

const refused = (code: string): Error => expect.objectContaining({ code }) as Error;

(canRunPostgres() ? describe : describe.skip)('the engine', () => {
  let federation: TestFederation;
  beforeEach(async () => {
    federation = await TestFederation.start(['busan', 'daegu', 'seoul']);
  }, 60_000);
  afterEach(() => federation.dispose());

  it('runs a study from its plan to its last teacher, and proves it', async () => {
    await federation.startStudy();
    await federation.run();
    expect(await federation.study()).toMatchObject({ state: 'completed', generation: 2, round: 2 });
    expect(await federation.decisions()).toEqual(['promoted', 'promoted', 'promoted']);

    const { models } = await federation.models.ofStudy(studyId);
    const promoted = models.filter(({ state }) => state === 'promoted');
    expect(promoted.map(({ generation, kind }) => [generation, kind])).toEqual([
      [0, 'student'],
      [1, 'average'],
      [2, 'average'],
    ]);
    const indices = promoted.map(({ modelIndex }) => modelIndex);
    expect(indices).toEqual([...indices].sort((a, b) => a - b));
    expect((await federation.study()).teacherHash).toBe(promoted[2]?.hash);
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
    const undisturbed = await federation.study();

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
    expect((await federation.study()).state).toBe('running');
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
