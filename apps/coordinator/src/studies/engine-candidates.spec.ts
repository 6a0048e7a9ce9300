import { parseModelHash } from '@fedistl/core';
import { canRunPostgres } from '@fedistl/persistence/testing';
import { reviewer, studyId, TestFederation } from './testing/test-federation';

const refused = (code: string): Error => expect.objectContaining({ code }) as Error;

(canRunPostgres() ? describe : describe.skip)('a candidate of the engine', () => {
  let federation: TestFederation;
  beforeEach(async () => {
    federation = await TestFederation.start(['busan', 'daegu', 'seoul']);
  }, 60_000);
  afterEach(() => federation.dispose());

  it('is rejected by one site that shows it worse; the next generation starts from the teacher', async () => {
    await federation.startStudy();
    await federation.run(async (site) => {
      const { generation } = await federation.study();
      site.gain = generation === 1 && site.siteId === federation.sites[2]?.siteId ? -0.2 : 0.05;
      return site.work(federation);
    });
    expect(await federation.decisions()).toEqual(['promoted', 'rejected', 'promoted']);
    const { generations } = await federation.evaluations.matrix(studyId);
    expect(generations[1]?.reasons.map(({ code }) => code)).toEqual(['ACCEPTANCE.SITE_WORSE']);
    const judgement = generations[1]?.judgement;
    expect(judgement?.sites.map(({ siteId, verdict }) => [siteId, verdict])).toEqual([
      ['busan', 'non-inferior'],
      ['daegu', 'non-inferior'],
      ['seoul', 'worse'],
    ]);
    expect(judgement?.pooledDifference?.value).toBeCloseTo((0.05 + 0.05 - 0.2) / 3);
    expect(generations[0]?.judgement).toMatchObject({
      pooledDifference: null,
      sites: [{ verdict: 'measured' }, {}, {}],
    });
    const recorded = (await federation.ledger()).filter(({ type }) => type.startsWith('candidate-'));
    expect(recorded.map((entry) => 'judgement' in entry && entry.judgement)).toEqual(
      generations.map((generation) => generation.judgement),
    );
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
    expect(await federation.decisions()).toEqual(['rejected']);
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
    expect(await federation.decisions()).toEqual(['promoted']);
    expect(await federation.study()).toMatchObject({ generation: 1, round: 1 });
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
    await federation.run(async (site) => ((await federation.study()).generation < 2 ? site.work(federation) : false));
    const [first, second] = (await federation.evaluations.matrix(studyId)).generations;
    const before = await federation.study();
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
    const after = await federation.study();
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
