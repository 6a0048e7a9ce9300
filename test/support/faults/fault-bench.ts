import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createStudy, type DemoPeople, type DemoSite, freePort, waitUntil } from '@fedistl/cli';
import { type StudyPlan } from '@fedistl/protocol';
import { hospitalSites, TestHospital } from '../federation/test-hospital';
import { copyTree } from './copy-tree';
import { type Env, RunningFederation } from './running-federation';

/** What a run left. */
export interface Outcome {
  readonly teacherHash: string;
  /** Entries of the ledger. */
  readonly entries: number;
}

/** Where one run at a time takes place. */
interface Lane {
  readonly directory: string;
  readonly port: number;
}

/** Runs that fit side by side on two cores. */
const LANES = 2;
const PATIENCE_MS = 600_000;

/**
 * A coordinator and two hospitals, stopped at the moment when a study is approved and both have joined it. Every run starts
 * from a copy of that state, so that nothing but the fault differs.
 */
export class FaultBench {
  private constructor(
    private readonly root: string,
    private readonly plan: StudyPlan,
    /** Those in which no run is. */
    private readonly lanes: Lane[],
    private readonly sites: readonly DemoSite[],
  ) {}

  static async create(plan: StudyPlan): Promise<FaultBench> {
    const root = mkdtempSync(path.join(tmpdir(), 'fedistl-faults-'));
    // The database runs under another account where the tests run as root; its files are to stay in this folder.
    chmodSync(root, 0o711);
    const lanes: Lane[] = [];
    for (let place = 0; place < LANES; place++)
      lanes.push({ directory: path.join(root, `lane-${place}`), port: await freePort() });
    const kept = path.join(root, 'kept');
    mkdirSync(path.join(kept, 'tokens'), { recursive: true });
    const bench = new FaultBench(root, plan, lanes, await hospitalSites(kept, plan, { images: 80 }));
    await bench.prepare({ directory: kept, port: await freePort() });
    return bench;
  }

  /**
   * One study to its end. As many at a time as there are lanes (`maxConcurrency` of the configuration).
   *
   * @param env of the first start of each process; what is killed is started again without it
   * @param disturb begun with the study
   */
  async run(
    env: { coordinator?: Env; node?: Env },
    disturb: (federation: RunningFederation) => Promise<void>,
  ): Promise<Outcome> {
    const lane = this.lanes.pop();
    if (lane === undefined) throw new Error(`expected at most ${LANES} runs at a time, got one more`);
    try {
      rmSync(lane.directory, { recursive: true, force: true });
      copyTree(path.join(this.root, 'kept'), lane.directory);
      const federation = await RunningFederation.start(lane.directory, lane.port, this.hospitals(lane), env);
      try {
        return await this.outcome(federation, disturb);
      } finally {
        await federation.stop();
      }
    } finally {
      this.lanes.push(lane);
    }
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  private async outcome(
    federation: RunningFederation,
    disturb: (federation: RunningFederation) => Promise<void>,
  ): Promise<Outcome> {
    const people = await federation.people();
    const [study] = await Promise.all([this.toTheEnd(people), disturb(federation)]);
    const ledger = await people.reviewer.ledgerExport();
    return { teacherHash: study.teacherHash ?? 'none', entries: ledger.split('{"entry"').length - 1 };
  }

  /** Starts the study as often as it takes, for the coordinator may be killed over it, and waits for its end. */
  private async toTheEnd({ studyLead, reviewer }: DemoPeople): ReturnType<DemoPeople['reviewer']['showStudy']> {
    const study = await waitUntil(
      async () => {
        const found = await reviewer.showStudy(this.plan.studyId).catch(() => null);
        if (found?.state === 'approved') await studyLead.startStudy(this.plan.studyId).catch(() => null);
        return found !== null && !['approved', 'running'].includes(found.state) ? found : null;
      },
      { what: 'the study to end', timeoutMs: PATIENCE_MS, everyMs: 250 },
    );
    if (study.state === 'completed') return study;
    throw new Error(`expected a completed study, got ${study.state}: ${study.reason?.message ?? ''}`);
  }

  private async prepare(lane: Lane): Promise<void> {
    const hospitals = this.hospitals(lane);
    const federation = await RunningFederation.start(lane.directory, lane.port, [], {});
    try {
      const people = await federation.people();
      await createStudy(people.studyLead, this.plan);
      const { planHash } = await people.reviewer.approveStudy(this.plan.studyId);
      for (const hospital of hospitals) {
        await hospital.join(people.administrator, this.plan, planHash);
        hospital.start();
      }
      const joined = async (): Promise<boolean> =>
        (await people.reviewer.showStudy(this.plan.studyId)).participants.length === hospitals.length;
      await waitUntil(joined, { what: 'both sites to join', timeoutMs: PATIENCE_MS });
    } finally {
      await Promise.all(hospitals.map((hospital) => hospital.stop()));
      await federation.stop();
    }
  }

  private hospitals({ directory, port }: Lane): TestHospital[] {
    return this.sites.map((site) => {
      const own = { ...site, directory: path.join(directory, site.siteId) };
      return new TestHospital(own, `http://127.0.0.1:${port}`);
    });
  }
}
