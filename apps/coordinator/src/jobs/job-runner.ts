import { randomUUID } from 'node:crypto';
import { Database, type Job } from '@fedistl/persistence';
import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { InjectConfig } from '../config/inject-config';
import { type CoordinatorConfig } from '../config/read-config';
import { Clock } from './clock';

/** Does a piece of work. It may be called again after it was done (a lease that ran out, a crash): it must be idempotent. */
export type JobHandler = (payload: unknown, job: Job) => Promise<void>;

/** Leases of jobs that take longer are renewed so often in the time of one. */
const renewalsPerLease = 3;
/** The queue is looked at so often when nobody calls `wake`: another coordinator may have written to it. */
const pollMs = 1000;
/** Wait before another try: doubled each time, from and up to. */
const firstRetryMs = 250;
const longestRetryMs = 60_000;
/** An aggregation takes minutes; deadlines and other studies go on beside it. */
const lanes = 2;

/**
 * Runs the jobs of the database until it is stopped. Any number of runners, in one process or many, share the queue; a job is
 * repeated until it succeeds, so what must happen happens, however often a process dies.
 */
@Injectable()
export class JobRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(JobRunner.name);
  private readonly handlers = new Map<string, JobHandler>();
  private readonly wakers = new Set<() => void>();
  private running: Promise<void>[] = [];
  private stopping = false;
  private wakes = 0;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    @InjectConfig() private readonly config: Pick<CoordinatorConfig, 'jobLeaseMs'>,
  ) {}

  /** Call it before the application has started, in `onModuleInit`. */
  register(type: string, handler: JobHandler): void {
    this.handlers.set(type, handler);
  }

  onApplicationBootstrap(): void {
    this.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  start(): void {
    if (this.running.length > 0) return;
    this.stopping = false;
    this.running = Array.from({ length: lanes }, () => this.loop());
  }

  /** Waits for the jobs that run; takes no others. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await Promise.all(this.running);
    this.running = [];
  }

  /** There is something to do now. */
  wake(): void {
    this.wakes++;
    for (const waker of this.wakers) waker();
  }

  /** Runs one job that is due; false when there is none. */
  async runOne(owner: string = randomUUID()): Promise<boolean> {
    const now = this.clock.now();
    const until = new Date(now.getTime() + this.config.jobLeaseMs);
    const job = await this.database.repositories.jobs.lease({ owner, now, until });
    if (job === null) return false;
    await this.work(job, owner);
    return true;
  }

  private async loop(): Promise<void> {
    const owner = randomUUID();
    let failures = 0;
    while (!this.stopping) {
      try {
        const before = this.wakes;
        const ran = await this.runOne(owner);
        failures = 0;
        // A wake-up that came while the queue was looked at counts.
        if (!ran && this.wakes === before) await this.pause(pollMs);
      } catch (error) {
        // The database is away: every job is still in it.
        this.logger.warn(`job queue: ${error instanceof Error ? error.message : String(error)}`);
        await this.pause(Math.min(firstRetryMs * 2 ** failures++, 10_000));
      }
    }
  }

  private async work(job: Job, owner: string): Promise<void> {
    const { jobs } = this.database.repositories;
    const later = (ms: number): Date => new Date(this.clock.now().getTime() + ms);
    const renewal = setInterval(() => {
      // A lease that cannot be renewed is lost; whoever takes the job does it again.
      jobs.renew(job.id, owner, later(this.config.jobLeaseMs)).catch(() => undefined);
    }, this.config.jobLeaseMs / renewalsPerLease);
    try {
      const handler = this.handlers.get(job.type);
      if (handler === undefined) {
        await jobs.fail(job.id, owner, { at: this.clock.now(), error: `no handler for jobs of type ${job.type}` });
        return;
      }
      await handler(job.payload, job);
      await jobs.finish(job.id, owner, this.clock.now());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.logger.warn(`job ${job.type} ${job.key}, try ${job.attempts}: ${message}`);
      const runAfter = later(Math.min(firstRetryMs * 2 ** (job.attempts - 1), longestRetryMs));
      await jobs.retry(job.id, owner, { runAfter, error: message.slice(0, 1000) });
    } finally {
      clearInterval(renewal);
    }
  }

  /** Until woken, or so long. */
  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        this.wakers.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, ms);
      this.wakers.add(finish);
      if (this.stopping) finish();
    });
  }
}
