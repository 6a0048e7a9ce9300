import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type BlobHash,
  type ModelHash,
  parseBlobHash,
  parseModelHash,
  parseSiteId,
  parseStudyId,
  type SiteId,
} from '@fedistl/core';
import { float32Tensor } from '@fedistl/core';
import { writeSafetensorsFile } from '@fedistl/core/node';
import { fingerprintOf, Identity, publicIdentityToJson } from '@fedistl/crypto';
import { BlobStore, Database, DirectoryBlobStore, type Study } from '@fedistl/persistence';
import { openTestDatabase, type TestDatabase } from '@fedistl/persistence/testing';
import { demoPlan, type LedgerEntry, parseLedgerEntry, signMessage, type StudyPlan } from '@fedistl/protocol';
import { Global, Logger, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { AuditService } from '../../audit/audit.service';
import { type Actor, UnitOfWork } from '../../audit/unit-of-work';
import { configToken } from '../../config/inject-config';
import { EvaluationsService } from '../../evaluations/evaluations.service';
import { EventsModule } from '../../events/events.module';
import { Clock } from '../../jobs/clock';
import { JobRunner } from '../../jobs/job-runner';
import { ModelsService } from '../../models/models.service';
import { RoundViews } from '../../rounds/round-views';
import { RoundsService } from '../../rounds/rounds.service';
import { UpdateIntake } from '../../rounds/update-intake';
import { EngineModule } from '../engine.module';
import { StudiesService } from '../studies.service';
import { TestSite } from './test-site';

export const lead: Actor = { name: 'Lee', role: 'study-lead' };
export const reviewer: Actor = { name: 'Ito', role: 'reviewer' };
export const studyId = parseStudyId('tb');

/** Goes on only when told. */
export class TestClock extends Clock {
  private at = Date.parse('2026-11-02T08:00:00.000Z');
  override now(): Date {
    return new Date(this.at);
  }
  pass(seconds: number): void {
    this.at += 1000 * seconds;
  }
}

/** The demo's plan for a tiny model: one round of generation 0, two of each later one. */
export function tinyPlan(change: Partial<StudyPlan['schedule']> = {}): StudyPlan {
  const plan = demoPlan({ studyId, title: 'TB', finding: 'tuberculosis', createdAt: '2026-11-01T00:00:00Z' });
  const model = { ...plan.model, dinoHead: { ...plan.model.dinoHead, outDim: 6 } };
  return { ...plan, model, schedule: { ...plan.schedule, ...change } };
}

const shapes = { a: [2, 3], 'head.last_layer.weight_g': [3, 1], 'head.last_layer.weight_v': [3, 4], z: [5] };

/** The engine on a database and a blob store of its own, with sites in the same process. Jobs run when `drain` is called. */
export class TestFederation {
  private constructor(
    readonly test: TestDatabase,
    readonly module: TestingModule,
    readonly clock: TestClock,
    readonly identity: Identity,
    readonly sites: readonly TestSite[],
    private readonly directory: string,
  ) {}

  static async start(siteNames: readonly string[]): Promise<TestFederation> {
    Logger.overrideLogger(false);
    const test = await openTestDatabase();
    const directory = await mkdtemp(join(tmpdir(), 'fedistl-engine-'));
    const blobs = await DirectoryBlobStore.open(join(directory, 'blobs'));
    const identity = seeded('example.org/coordinator', 200);
    const clock = new TestClock();
    const providers = [
      { provide: Database, useValue: test.database },
      { provide: BlobStore, useValue: blobs },
      { provide: Identity, useValue: identity },
      { provide: configToken, useValue: { jobLeaseMs: 15_000 } },
    ];
    @Global()
    @Module({ providers, exports: providers.map(({ provide }) => provide) })
    class Resources {}
    const module = await Test.createTestingModule({ imports: [Resources, EventsModule, EngineModule] })
      .overrideProvider(Clock)
      .useValue(clock)
      .compile();
    await module.init();
    await module.get(JobRunner).stop();
    const sites = siteNames.map(
      (name, i) => new TestSite(parseSiteId(name), seeded(name, 10 + 2 * i), blobs, test.database),
    );
    const federation = new TestFederation(test, module, clock, identity, sites, directory);
    for (const site of sites) await federation.enrol(site);
    return federation;
  }

  get studies(): StudiesService {
    return this.module.get(StudiesService);
  }
  get rounds(): RoundsService {
    return this.module.get(RoundsService);
  }
  get intake(): UpdateIntake {
    return this.module.get(UpdateIntake);
  }
  get evaluations(): EvaluationsService {
    return this.module.get(EvaluationsService);
  }
  get models(): ModelsService {
    return this.module.get(ModelsService);
  }
  get views(): RoundViews {
    return this.module.get(RoundViews);
  }
  get audit(): AuditService {
    return this.module.get(AuditService);
  }
  get work(): UnitOfWork {
    return this.module.get(UnitOfWork);
  }
  get runner(): JobRunner {
    return this.module.get(JobRunner);
  }

  site(name: string): TestSite {
    const found = this.sites.find(({ siteId }) => siteId === parseSiteId(name));
    if (found === undefined) throw new Error(`no site ${name}`);
    return found;
  }

  /** Runs every job that is due, on `lanes` runners at once. */
  async drain(lanes = 1): Promise<void> {
    const lane = async (): Promise<void> => {
      while (await this.runner.runOne());
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  }

  /** Creates, approves and joins a study, and starts it. The first site alone has labels. */
  async startStudy(plan: StudyPlan = tinyPlan()): Promise<void> {
    await this.studies.create(plan, await this.uploadModel(), lead);
    await this.studies.approve(plan.studyId, reviewer);
    for (const [i, { siteId }] of this.sites.entries()) {
      await this.studies.join(siteId, plan.studyId, {
        labelled: i === 0 ? 40 : 0,
        unlabelledByFold: [30, 30],
        holdOut: 20,
      });
    }
    await this.studies.start(plan.studyId);
    await this.drain();
  }

  /** The study's row. */
  async study(): Promise<Study> {
    const found = await this.test.database.repositories.studies.find(studyId);
    if (found === null) throw new Error('no study yet');
    return found;
  }

  /** What was decided on each generation's candidate. */
  async decisions(): Promise<string[]> {
    return (await this.evaluations.matrix(studyId)).generations.map(({ decision }) => decision);
  }

  /** Entries of the ledger, from the first. */
  async ledger(): Promise<LedgerEntry[]> {
    const entries: LedgerEntry[] = [];
    const { ledger } = this.test.database.repositories;
    for await (const bytes of ledger.entries(0, await ledger.size())) {
      entries.push(parseLedgerEntry(JSON.parse(Buffer.from(bytes).toString())));
    }
    return entries;
  }

  /** Lets every site do what waits for it, and the coordinator what follows, until nothing is left. */
  async run(act: (site: TestSite) => Promise<boolean> = (site) => site.work(this)): Promise<void> {
    for (let busy = true; busy;) {
      busy = false;
      for (const site of this.sites) busy = (await act(site)) || busy;
      await this.drain();
    }
  }

  async uploadModel(): Promise<ModelHash> {
    const path = join(this.directory, 'initial.safetensors');
    const tensors = Object.entries(shapes).map(([name, shape]) => {
      const length = shape.reduce((a, b) => a * b, 1);
      return float32Tensor(
        name,
        shape,
        Float32Array.from({ length }, (_, i) => Math.sin(i + name.length)),
      );
    });
    await writeSafetensorsFile(path, tensors, { 'fedistl.vit': '{}' });
    const blobs = this.module.get<BlobStore>(BlobStore);
    const hash = parseBlobHash(await sha256Of(path));
    const { byteLength } = await blobs.putFile(path, hash);
    const createdAt = this.clock.now();
    const blob = { blobHash: hash, byteLength, purpose: 'model' as const, studyId: null, siteId: null, createdAt };
    await this.test.database.repositories.blobs.add(blob);
    return parseModelHash(hash);
  }

  async revoke(siteId: SiteId): Promise<void> {
    await this.work.run(async (unit) => {
      const site = await unit.repositories.sites.findForUpdate(siteId);
      if (site !== null) await unit.repositories.sites.save(Object.assign(site, { state: 'revoked' as const }));
      unit.enqueue({ type: 'revoke-site', key: `revoke-site/${siteId}`, payload: { siteId } });
    });
    await this.drain();
  }

  /** Changes one byte of a blob on disk. */
  async damage(hash: BlobHash): Promise<void> {
    const path = await this.module.get<BlobStore>(BlobStore).localPath(hash);
    const bytes = await readFile(path);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(path, bytes);
  }

  async dispose(): Promise<void> {
    await this.module.close();
    await this.test.dispose();
    await rm(this.directory, { recursive: true, force: true });
  }

  private async enrol({ siteId, identity }: TestSite): Promise<void> {
    const at = this.clock.now();
    await this.test.database.repositories.sites.insert({
      siteId,
      displayName: siteId,
      identity: publicIdentityToJson(identity.public),
      fingerprint: fingerprintOf(identity.public),
      // Enrolment is another context's; any envelope does here.
      enrolmentEnvelope: signMessage(tinyPlan(), identity),
      state: 'approved',
      ...{ enrolledAt: at, approvedAt: at, approvedBy: 'Kim', revokedAt: null, revokeReason: null },
      ...{ lastSeenAt: null, capabilities: null, activity: null },
    });
  }
}

async function sha256Of(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

function seeded(name: string, fill: number): Identity {
  const [signingSeed, boxSecret] = [new Uint8Array(32).fill(fill), new Uint8Array(32).fill(fill + 1)];
  return Identity.fromSecrets(name, { signingSeed, boxSecret });
}
