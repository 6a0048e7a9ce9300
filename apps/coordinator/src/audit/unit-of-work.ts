import { type PersonRole, Database, type NewJob, type Repositories } from '@fedistl/persistence';
import { faultPoint } from '@fedistl/core/node';
import { type LedgerEntry } from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { type CoordinatorEvent } from '../events/coordinator-event';
import { Events } from '../events/events';
import { Clock } from '../jobs/clock';
import { JobRunner } from '../jobs/job-runner';
import { AuditService } from './audit.service';

type WithoutHead<E> = E extends LedgerEntry ? Omit<E, 'version' | 'at'> : never;

/** A ledger entry but for its version and time. */
export type EntryContent = WithoutHead<LedgerEntry>;

/** Who asked for it, when it was a person. */
export interface Actor {
  readonly name: string;
  readonly role: PersonRole;
}

/** What one transaction reads, changes and leaves to be done. */
export interface Unit {
  readonly repositories: Repositories;
  /** The same throughout the transaction. */
  readonly now: Date;
  /** Appended to the ledger at the end of the transaction, in this order. */
  record(entry: EntryContent): void;
  /** Written as a row of the job queue, in the transaction. */
  enqueue(job: Omit<NewJob, 'runAfter'> & { readonly runAfter?: Date }): void;
  /** Published after the commit; a hint, lost when the process dies. */
  announce(event: CoordinatorEvent): void;
  /** A named step for tests of crashes: `NAME.uncommitted` right before the commit, `NAME` right after it. */
  step(name: string): void;
}

/** Runs transactions whose ledger entries and jobs are there exactly when what they belong to is. */
@Injectable()
export class UnitOfWork {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditService,
    private readonly events: Events,
    private readonly runner: JobRunner,
    private readonly clock: Clock,
  ) {}

  /** Commits what `work` did, or nothing when it throws. */
  async run<T>(work: (unit: Unit) => Promise<T>): Promise<T> {
    const events: CoordinatorEvent[] = [];
    const steps: string[] = [];
    const { answer, wrote } = await this.database.transaction(async (repositories) => {
      const now = this.clock.now();
      const entries: LedgerEntry[] = [];
      const jobs: NewJob[] = [];
      const answer = await work({
        repositories,
        now,
        record: (entry) => entries.push({ ...entry, version: 1, at: now.toISOString() }),
        enqueue: (job) => jobs.push({ runAfter: now, ...job }),
        announce: (event) => events.push(event),
        step: (name) => steps.push(name),
      });
      await repositories.jobs.add(jobs, now);
      if (entries.length > 0) {
        const first = await this.audit.append(repositories, entries);
        events.push({ type: 'ledger', size: first + entries.length });
      }
      for (const name of steps) faultPoint(`${name}.uncommitted`);
      return { answer, wrote: jobs.length > 0 };
    });
    for (const name of steps) faultPoint(name);
    for (const event of events) this.events.publish(event);
    if (wrote) this.runner.wake();
    return answer;
  }
}
