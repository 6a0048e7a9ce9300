import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { type BlobHash, parseBlobHash, type SiteId } from '@fedistl/core';
import { faultPoint } from '@fedistl/core/node';
import { AggregationError, siteWeights } from '@fedistl/aggregation';
import { type ClosedRound, closeRound, PassWorkerPool } from '@fedistl/aggregation/node';
import {
  type BlobPurpose,
  BlobStore,
  Database,
  type ModelKind,
  type StoredRound,
  type Study,
  type Update,
} from '@fedistl/persistence';
import { type RoundKey } from '@fedistl/protocol';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { type Unit, UnitOfWork } from '../audit/unit-of-work';
import { JobRunner } from '../jobs/job-runner';
import { knownStudy, lockStudy } from '../studies/lock-study';
import { RoundTransitions } from './round-transitions';

type AggregateJob = RoundKey & { readonly attempt: number; readonly aggregation: number };

/** What the ledger and the registry say of a site's part in a result. */
interface Contribution {
  readonly siteId: SiteId;
  readonly blobHash: BlobHash;
  readonly weight: number;
}

/**
 * Makes the next models from a round's updates. The files are a function of the updates to the bit and are in the store before
 * a row names them; so it may be done twice, by two processes at once or after a crash, and comes to the same.
 */
@Injectable()
export class AggregationJob implements OnModuleInit, OnApplicationShutdown {
  private pool: PassWorkerPool | undefined;

  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly work: UnitOfWork,
    private readonly transitions: RoundTransitions,
    private readonly runner: JobRunner,
  ) {}

  onModuleInit(): void {
    this.runner.register('aggregate', (payload, { attempts }) => this.aggregate(payload as AggregateJob, attempts));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool?.close();
  }

  /**
   * Does nothing when the round has moved on since.
   *
   * @param tries how often it was begun, this time included
   */
  async aggregate(job: AggregateJob, tries = 1): Promise<void> {
    const { studies, rounds } = this.database.repositories;
    const round = await rounds.find(job);
    if (round === null || !isWanted(round, job)) return;
    const study = knownStudy(await studies.find(job.studyId), job.studyId);
    const accepted = round.state.collection.accepted;
    const updates = (await rounds.updates(job, job.attempt)).filter(
      ({ siteId, blobHash }) => accepted.get(siteId) === blobHash,
    );
    faultPoint('coordinator.aggregation-started');
    const directory = await this.blobs.workspace();
    try {
      const closed = await this.close(study, round, updates, directory);
      for (const { hash, path } of filesOf(closed)) await this.blobs.putFile(path, hash);
      faultPoint('coordinator.aggregation-written');
      await this.complete(job, updates, closed);
    } catch (error) {
      // The set of updates makes no result, and never will; anything else (a full disk, say) is tried again.
      if (!(error instanceof AggregationError) || (mayPass.has(error.code) && tries < 5)) throw error;
      await this.fail(job, error.code);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  private async close(
    { plan }: Study,
    { generation, round, studentHash, teacherHash, momentsHash, serverStep }: StoredRound,
    updates: readonly Update[],
    directory: string,
  ): Promise<ClosedRound> {
    const pathOf = (hash: string): Promise<string> => this.blobs.localPath(parseBlobHash(hash));
    const files = await Promise.all(
      updates.map(async ({ manifest, blobHash }) => ({ manifest, path: await pathOf(blobHash) })),
    );
    return closeRound({
      plan,
      generation,
      round,
      student: await pathOf(studentHash),
      teacher: teacherHash === null ? null : await pathOf(teacherHash),
      moments: momentsHash === null ? null : await pathOf(momentsHash),
      serverStep,
      updates: files,
      directory,
      pool: (this.pool ??= new PassWorkerPool()),
    });
  }

  private async complete(job: AggregateJob, updates: readonly Update[], closed: ClosedRound): Promise<void> {
    const key = keyOf(job);
    await this.work.run(async (unit) => {
      const study = await lockStudy(unit.repositories, job.studyId);
      const { round, refusal } = await this.transitions.apply(unit, study, {
        type: 'aggregated',
        key,
        attempt: job.attempt,
        aggregation: job.aggregation,
        studentHash: closed.student.hash,
      });
      if (refusal !== null) return; // A revocation or another runner was faster.
      const contributions = contributionsOf(study, updates, closed);
      await noteFiles(unit, study, closed);
      await registerModels(unit, study, round, { closed, contributions });
      await this.settleUpdates(unit, job, updates, closed);
      unit.record({
        type: 'round-aggregated',
        ...key,
        attempt: job.attempt,
        contributions,
        studentHash: closed.student.hash,
        teacherHash: closed.teacher?.hash ?? null,
      });
      study.studentHash = closed.student.hash;
      study.averageHash = closed.teacher?.hash ?? null;
      study.centreHash = closed.centre?.hash ?? null;
      study.momentsHash = closed.moments?.hash ?? null;
      study.serverStep += 1;
      await unit.repositories.studies.save(study);
      const { studyId, generation, round: number } = key;
      unit.enqueue({ type: 'advance', key: `advance/${studyId}/${generation}/${number}/done`, payload: { studyId } });
      unit.step('coordinator.round-completed');
    });
  }

  /** Which updates are in the result, and which were found bad. */
  private async settleUpdates(
    unit: Unit,
    job: AggregateJob,
    updates: readonly Update[],
    { refused }: ClosedRound,
  ): Promise<void> {
    const codes = new Map(refused.map(({ siteId, code }) => [siteId, code]));
    for (const { id, siteId, envelopeHash } of updates) {
      const code = codes.get(siteId);
      await unit.repositories.rounds.markUpdate(id, code === undefined ? 'aggregated' : 'refused', code ?? null);
      if (code === undefined) continue;
      unit.record({ type: 'update-refused', ...keyOf(job), attempt: job.attempt, siteId, code, envelopeHash });
    }
  }

  private async fail(job: AggregateJob, code: string): Promise<void> {
    await this.work.run(async (unit) => {
      const study = await lockStudy(unit.repositories, job.studyId);
      const { attempt, aggregation } = job;
      await this.transitions.apply(unit, study, {
        type: 'aggregation-failed',
        key: keyOf(job),
        attempt,
        aggregation,
        code,
      });
    });
  }
}

/** Errors of the machine rather than of the updates. */
const mayPass: ReadonlySet<string> = new Set(['AGGREGATION.READ_FAILED', 'AGGREGATION.WORKER_LOST']);

const keyOf = ({ studyId, generation, round }: AggregateJob): RoundKey => ({ studyId, generation, round });

function isWanted({ state }: StoredRound, { attempt, aggregation }: AggregateJob): boolean {
  return state.phase === 'aggregating' && state.attempt === attempt && state.aggregation === aggregation;
}

function filesOf({ student, teacher, centre, moments }: ClosedRound): {
  readonly hash: BlobHash;
  readonly path: string;
  readonly byteLength: number;
  readonly purpose: BlobPurpose;
}[] {
  const all = [
    { file: student, purpose: 'model' as const },
    { file: teacher, purpose: 'model' as const },
    { file: centre, purpose: 'centre' as const },
    { file: moments, purpose: 'moments' as const },
  ];
  return all.flatMap(({ file, purpose }) =>
    file === null ? [] : [{ hash: parseBlobHash(file.hash), path: file.path, byteLength: file.byteLength, purpose }],
  );
}

async function noteFiles({ repositories, now }: Unit, { studyId }: Study, closed: ClosedRound): Promise<void> {
  for (const { hash, byteLength, purpose } of filesOf(closed)) {
    await repositories.blobs.add({ blobHash: hash, byteLength, purpose, studyId, siteId: null, createdAt: now });
  }
}

/** The weight that each site of the result had, under the plan's weighting. */
function contributionsOf({ plan }: Study, updates: readonly Update[], closed: ClosedRound): Contribution[] {
  const counts = new Map(updates.map(({ siteId, manifest }) => [siteId, manifest.counts]));
  const weights = siteWeights(
    plan.aggregation.weighting,
    closed.contributions.flatMap(({ siteId }) => counts.get(siteId) ?? []),
  );
  return closed.contributions.map(({ siteId, blobHash }, i) => ({ siteId, blobHash, weight: weights[i] ?? 0 }));
}

async function registerModels(
  { repositories, now }: Unit,
  study: Study,
  { generation, round, teacherHash, studentHash }: StoredRound,
  { closed, contributions }: { readonly closed: ClosedRound; readonly contributions: readonly Contribution[] },
): Promise<void> {
  const made: [ModelKind, ClosedRound['teacher']][] = [
    ['student', closed.student],
    ['average', closed.teacher],
  ];
  for (const [kind, file] of made) {
    if (file === null) continue;
    await repositories.models.insert({
      id: randomUUID(),
      studyId: study.studyId,
      modelHash: file.hash,
      kind,
      generation,
      round,
      state: 'intermediate',
      // The index under which the next round, or the evaluation, publishes it.
      modelIndex: study.modelIndex + 1,
      lineage: { teacherHash, studentHash, averageHash: kind === 'average' ? teacherHash : null, contributions },
      createdAt: now,
      decidedAt: null,
    });
  }
}
