import { type BlobHash } from '@fedistl/core';
import { noteKeyOf, verifyLedgerExport } from '@fedistl/crypto';
import { verifyEd25519Native } from '@fedistl/crypto/node';
import { BlobStore, type Update } from '@fedistl/persistence';
import { canRunPostgres } from '@fedistl/persistence/testing';
import { type StudyPlan } from '@fedistl/protocol';
import { lead, studyId, TestFederation, tinyPlan } from '../studies/testing/test-federation';
import { prune, type Pruned } from './prune';

const day = 86_400_000;

(canRunPostgres() ? describe : describe.skip)('pruning a coordinator', () => {
  let federation: TestFederation;
  let store: BlobStore;

  beforeEach(async () => {
    federation = await TestFederation.start(['busan', 'daegu', 'seoul']);
    store = federation.module.get<BlobStore>(BlobStore);
  }, 60_000);
  afterEach(() => federation.dispose());

  const pruneNow = (change: { before?: Date; dryRun?: boolean } = {}): Promise<Pruned> =>
    prune(
      { database: federation.test.database, blobs: store },
      { before: new Date(Date.now() + day), dryRun: false, ...change },
    );

  const updatesOf = async (generation: number, round: number): Promise<Update[]> =>
    federation.test.database.repositories.rounds.updates({ studyId, generation, round }, 1);
  const there = (hashes: readonly string[]): Promise<boolean[]> =>
    Promise.all(hashes.map((hash) => store.has(hash as BlobHash)));

  /** Two moments of the server's optimiser for each round. */
  function planWithMoments(): StudyPlan {
    const plan = tinyPlan();
    const rates = { learningRate: 0.1, beta1: 0.9, beta2: 0.99, tau: 1e-3 };
    const serverOptimiser = { name: 'fedadam' as const, ...rates, biasCorrection: false };
    return { ...plan, aggregation: { ...plan.aggregation, serverOptimiser } };
  }

  it('keeps all of a round that is open, and everything that is not old enough', async () => {
    await federation.startStudy(planWithMoments());
    await federation.run(async (site) => {
      const { generation, round } = await federation.studies.show(studyId);
      return generation === 1 && round === 2 && site.siteId !== 'busan' ? false : site.work(federation);
    });
    const [open] = await updatesOf(1, 2);
    expect(open?.siteId).toBe('busan');
    expect(await pruneNow({ before: new Date('2026-11-01T00:00:00Z') })).toMatchObject({
      ...{ updates: { blobs: 0 }, moments: { blobs: 0 }, models: { blobs: 0 }, strays: { blobs: 0 }, jobs: 0 },
    });

    const counted = await pruneNow({ dryRun: true });
    // One of generation 0, three of round 1; the moments of generation 0 served no later round.
    expect(counted).toMatchObject({ dryRun: true, updates: { blobs: 4 }, strays: { blobs: 0 } });
    const closed = [...(await updatesOf(0, 1)), ...(await updatesOf(1, 1))].map(({ blobHash }) => blobHash);
    expect(await there(closed)).toEqual([true, true, true, true]);
    expect(await pruneNow()).toEqual({ ...counted, before: expect.any(String) as string, dryRun: false });
    expect(await there(closed)).toEqual([false, false, false, false]);
    expect(await there([open!.blobHash])).toEqual([true]);
    expect(await pruneNow()).toMatchObject({ updates: { blobs: 0 }, moments: { blobs: 0 }, jobs: 0 });

    // The study goes on to the same end as if nothing had been deleted.
    await federation.run();
    expect(await federation.studies.show(studyId)).toMatchObject({ state: 'completed', generation: 2 });
  }, 60_000);

  it('leaves every model, centre and record of a study that ended, and a ledger that verifies', async () => {
    await federation.startStudy(planWithMoments());
    await federation.run();
    const { models } = await federation.models.ofStudy(studyId);
    const { repositories } = federation.test.database;
    const rounds = await repositories.rounds.list(studyId);
    const centres = rounds.flatMap(({ centreHash }) => centreHash ?? []);
    const moments = rounds.flatMap(({ momentsHash }) => momentsHash ?? []);
    expect([centres.length, moments.length]).toEqual([3, 2]);
    const pruned = await pruneNow();
    expect(pruned.updates.blobs).toBe(1 + 4 * 3);
    expect(pruned.updates.bytes).toBeGreaterThan(0);
    expect(pruned.moments.blobs).toBeGreaterThanOrEqual(2);
    expect(pruned.jobs).toBeGreaterThan(0);
    expect(new Set(await there(models.map(({ hash }) => hash)))).toEqual(new Set([true]));
    expect(new Set(await there(centres))).toEqual(new Set([true]));
    expect(new Set(await there(moments))).toEqual(new Set([false]));
    expect(await updatesOf(2, 2)).toHaveLength(3);
    expect((await federation.views.ofStudy(studyId)).rounds.at(-1)?.updates).toHaveLength(3);
    const verified = await verifyLedgerExport(federation.audit.export(), {
      logKeys: [noteKeyOf(federation.identity.public, 'log')],
      verify: verifyEd25519Native,
    });
    expect(verified.findings).toEqual([]);
    const entries: string[] = [];
    for await (const entry of repositories.ledger.entries(0, 1000)) entries.push(Buffer.from(entry).toString());
    const { updates, moments: deleted } = pruned;
    expect(JSON.parse(entries.at(-1) ?? '')).toMatchObject({
      ...{ type: 'blobs-pruned', updates: updates.blobs, moments: deleted.blobs, models: 0 },
    });
  }, 60_000);

  it('deletes uploads that nobody ever used, and files that no row names', async () => {
    const unused = await federation.uploadModel();
    const orphan = (await store.putStream(chunk('of a process that was killed'))).hash;
    const [site] = federation.sites;
    const forgotten = await site!.upload(Buffer.from('never handed in'), studyId);
    expect(await pruneNow()).toMatchObject({ models: { blobs: 1 }, updates: { blobs: 1 }, strays: { blobs: 1 } });
    expect(await there([unused, orphan, forgotten])).toEqual([false, false, false]);
    await expect(federation.studies.create(tinyPlan(), unused, lead)).rejects.toMatchObject({ code: 'STUDY.NO_MODEL' });
    // It may come again.
    await federation.studies.create(tinyPlan(), await federation.uploadModel(), lead);
    expect(await pruneNow()).toMatchObject({ models: { blobs: 0 }, updates: { blobs: 0 }, strays: { blobs: 0 } });
  }, 60_000);

  it('keeps the updates of a round that failed as long as somebody may resume its study', async () => {
    await federation.startStudy(tinyPlan({ maximumAttempts: 1 }));
    await federation.run(async (site) => {
      const { generation } = await federation.studies.show(studyId);
      return (generation === 0 || site.siteId === 'busan') && site.work(federation);
    });
    federation.clock.pass(600);
    await federation.drain();
    const failed = (await federation.views.ofStudy(studyId)).rounds.at(-1);
    expect(failed).toMatchObject({ generation: 1, round: 1, phase: 'failed' });
    const kept = (await updatesOf(1, 1)).map(({ blobHash }) => blobHash);
    await pruneNow();
    expect(await there(kept)).toEqual([true]);
    await federation.studies.cancel(studyId, lead);
    await pruneNow();
    expect(await there(kept)).toEqual([false]);
  }, 60_000);
});

async function* chunk(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}
