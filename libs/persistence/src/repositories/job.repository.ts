import { type EntityManager, LessThan } from 'typeorm';
import { Job } from '../entities/job.entity';

export interface NewJob {
  readonly type: string;
  /** Says which piece of work this is; the same key is written once. */
  readonly key: string;
  readonly payload: unknown;
  readonly runAfter: Date;
}

export interface JobLease {
  readonly owner: string;
  readonly now: Date;
  readonly until: Date;
}

/** Work that outlives a crash. Leases are taken in the database, so that any number of runners share it. */
export class JobRepository {
  constructor(private readonly manager: EntityManager) {}

  /** Writes jobs in the caller's transaction; those with a known key are left out. */
  async add(jobs: readonly NewJob[], at: Date): Promise<void> {
    if (jobs.length === 0) return;
    const rows = jobs.map(({ type, key, payload, runAfter }) => ({
      type,
      key,
      payload: payload as object,
      runAfter,
      state: 'pending' as const,
      attempts: 0,
      createdAt: at,
    }));
    await this.manager.createQueryBuilder().insert().into(Job).values(rows).orIgnore().execute();
  }

  /**
   * Leases the job that has been due longest: nobody else's, or one whose lease ran out. Rows that another runner is about to
   * lease are skipped, not waited for.
   */
  async lease({ owner, now, until }: JobLease): Promise<Job | null> {
    const rows: { id: number }[] = await this.manager.query(
      `WITH due AS (
         SELECT "id" FROM "job"
         WHERE "state" = 'pending' AND "run_after" <= $2 AND ("lease_until" IS NULL OR "lease_until" <= $2)
         ORDER BY "run_after", "id" LIMIT 1 FOR UPDATE SKIP LOCKED
       ), leased AS (
         UPDATE "job" SET "lease_owner" = $1, "lease_until" = $3, "attempts" = "attempts" + 1
         FROM due WHERE "job"."id" = due."id" RETURNING "job"."id"
       ) SELECT "id" FROM leased`,
      [owner, now, until],
    );
    const id = rows[0]?.id;
    return id === undefined ? null : this.manager.findOneBy(Job, { id });
  }

  /** Makes a lease longer; false when it was lost to another runner. */
  renew(id: number, owner: string, until: Date): Promise<boolean> {
    return this.#whileOwned(id, owner, { leaseUntil: until });
  }

  /** false when the lease was lost: then somebody else finishes the job. */
  finish(id: number, owner: string, at: Date): Promise<boolean> {
    return this.#whileOwned(id, owner, { state: 'done', finishedAt: at, leaseOwner: null, leaseUntil: null });
  }

  /** Gives the lease back, to be tried again later. */
  retry(id: number, owner: string, { runAfter, error }: { runAfter: Date; error: string }): Promise<boolean> {
    return this.#whileOwned(id, owner, { runAfter, lastError: error, leaseOwner: null, leaseUntil: null });
  }

  /** Ends a job that cannot succeed. */
  fail(id: number, owner: string, { at, error }: { at: Date; error: string }): Promise<boolean> {
    const ended = { state: 'failed' as const, finishedAt: at, lastError: error, leaseOwner: null, leaseUntil: null };
    return this.#whileOwned(id, owner, ended);
  }

  /** When the next job is due or its lease runs out; null without pending jobs. */
  async nextDue(): Promise<Date | null> {
    const rows: { at: Date | null }[] = await this.manager.query(
      `SELECT min(greatest("run_after", coalesce("lease_until", "run_after"))) AS "at" FROM "job" WHERE "state" = 'pending'`,
    );
    return rows[0]?.at ?? null;
  }

  list(): Promise<Job[]> {
    return this.manager.find(Job, { order: { id: 'ASC' } });
  }

  /** Deletes jobs that were done before this time; what failed stays for people to see. @returns how many */
  async deleteDone(before: Date): Promise<number> {
    const { affected } = await this.manager
      .createQueryBuilder()
      .delete()
      .from(Job)
      .where(`"state" = 'done' AND "finished_at" < :before`, { before })
      .execute();
    return affected ?? 0;
  }

  async countDone(before: Date): Promise<number> {
    return this.manager.countBy(Job, { state: 'done', finishedAt: LessThan(before) });
  }

  async #whileOwned(id: number, leaseOwner: string, change: Partial<Omit<Job, 'payload'>>): Promise<boolean> {
    const { affected } = await this.manager.update(Job, { id, leaseOwner, state: 'pending' }, change);
    return affected === 1;
  }
}
