import path from 'node:path';
import { type ScriptedSite, waitUntil } from '@fedistl/cli';
import { parseSiteId } from '@fedistl/core';
import { type Answer, type RoundView, type StudyPlan } from '@fedistl/protocol';
import { TestCoordinator } from './test-coordinator';
import { hospitalSites, TestHospital } from './test-hospital';
import { tinyPlan } from './tiny-plan';

const PATIENCE_MS = 240_000;

/** Hospitals with real nodes that may be killed, and two scripted sites that go on, for studies of one round each. */
export class MixedFederation {
  private constructor(
    readonly coordinator: TestCoordinator,
    readonly hospitals: readonly TestHospital[],
    readonly survivors: readonly [ScriptedSite, ScriptedSite],
  ) {}

  static async start(count: number): Promise<MixedFederation> {
    const coordinator = await TestCoordinator.start();
    const sites = await hospitalSites(path.join(coordinator.directory, 'hospitals'), tinyPlan(), { count });
    return new MixedFederation(
      coordinator,
      sites.map((site) => new TestHospital(site, coordinator.baseUrl)),
      [await coordinator.site('survivor-a'), await coordinator.site('survivor-b')],
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.hospitals.map((hospital) => hospital.stop()));
    await this.coordinator.stop();
  }

  /** Creates studies that the survivors and one hospital join. Its node is killed after that: it is invited, and away. */
  async join(hospital: TestHospital, plans: readonly StudyPlan[]): Promise<void> {
    const { coordinator, survivors } = this;
    for (const plan of plans) {
      const { planHash } = await coordinator.study(plan);
      await hospital.join(coordinator.people.administrator, plan, planHash);
      const counts = { labelled: 8, unlabelledByFold: [0], holdOut: 8 };
      for (const { client } of survivors) await client.joinStudy(plan.studyId, counts);
    }
    hospital.start();
    for (const { studyId } of plans)
      await coordinator.studyUntil(
        studyId,
        'three to join',
        ({ participants }) => participants.length === 3,
        PATIENCE_MS,
      );
    await hospital.kill();
  }

  async begin({ studyId }: StudyPlan): Promise<void> {
    await this.coordinator.people.studyLead.startStudy(studyId);
  }

  async cancel({ studyId }: StudyPlan): Promise<void> {
    await this.coordinator.people.studyLead.cancelStudy(studyId);
  }

  /** One person proposes to strike a site off, another approves. */
  async strikeOff(siteId: string): Promise<void> {
    const { administrator, reviewer } = this.coordinator.people;
    const action = { action: 'revoke-site', siteId: parseSiteId(siteId), cause: 'site-left' } as const;
    const { id } = await administrator.propose(action, 'its machine burnt down');
    await reviewer.approveProposal(id, 'it is gone');
  }

  until<T>(what: string, condition: () => Promise<T | null | false | undefined>): Promise<T> {
    return waitUntil(condition, { what, timeoutMs: PATIENCE_MS, everyMs: 50, processes: [this.coordinator.process] });
  }

  /** The round of a study; null before it was planned. */
  async round({ studyId }: StudyPlan): Promise<RoundView | null> {
    return (await this.coordinator.people.reviewer.studyRounds(studyId)).rounds[0] ?? null;
  }

  /** In which attempt the round was completed, with whose updates. */
  async completed(plan: StudyPlan): Promise<{ attempt: number; sites: string[] }> {
    const { attempt, updates } = await this.until(`the round of ${plan.studyId}`, async () => {
      const round = await this.round(plan);
      return round?.phase === 'completed' && round;
    });
    return { attempt, sites: updates.map(({ siteId }) => siteId).sort() };
  }

  /**
   * Hands in for the attempt that is open, or for the first from `attempt` on.
   *
   * @param options.upload false signs only: the bytes are there from an earlier attempt
   * @returns hash of the update's bytes
   */
  async handIn(site: ScriptedSite, plan: StudyPlan, { attempt = 1, upload = true } = {}): Promise<string> {
    const open = await this.until(`attempt ${attempt} of ${plan.studyId}`, async () =>
      (await site.rounds()).find((manifest) => manifest.studyId === plan.studyId && manifest.attempt >= attempt),
    );
    const update = site.makeUpdate(plan, open);
    if (upload) await site.upload(update);
    await site.submit(update);
    return update.manifest.payload.blobHash;
  }

  async report(site: ScriptedSite, { studyId }: StudyPlan): Promise<void> {
    const order = await this.until(`an order of ${studyId}`, async () =>
      (await site.orders()).find((found) => found.studyId === studyId),
    );
    await site.report(order);
  }

  async evaluation({ studyId }: StudyPlan): Promise<Answer<'studyEvaluations'>['generations'][number] | undefined> {
    return (await this.coordinator.people.reviewer.studyEvaluations(studyId)).generations[0];
  }

  /** Waits for the study's end. @returns state, decision about its candidate, and by whose reports */
  async ended(plan: StudyPlan): Promise<{ state: string; decision: string | undefined; reports: string[] }> {
    const { state } = await this.coordinator.studyUntil(
      plan.studyId,
      'its end',
      (study) => study.state !== 'running',
      PATIENCE_MS,
    );
    const evaluation = await this.evaluation(plan);
    const reports = (evaluation?.reports ?? []).map(({ report }) => report.siteId).sort();
    return { state, decision: evaluation?.decision, reports };
  }
}
