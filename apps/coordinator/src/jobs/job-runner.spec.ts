import { type Database, type Job } from '@fedistl/persistence';
import { canRunPostgres, openTestDatabase, type TestDatabase } from '@fedistl/persistence/testing';
import { Logger } from '@nestjs/common';
import { Clock } from './clock';
import { JobRunner } from './job-runner';

class SteppedClock extends Clock {
  at = Date.UTC(2026, 0, 1);
  override now(): Date {
    return new Date(this.at);
  }
}

(canRunPostgres() ? describe : describe.skip)('the job runner', () => {
  let test: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    Logger.overrideLogger(false);
    test = await openTestDatabase();
    database = test.database;
  }, 120_000);
  afterAll(() => test.dispose());
  beforeEach(() => database.source.query('TRUNCATE job'));

  const runnerAt = (clock: Clock): JobRunner => new JobRunner(database, clock, { jobLeaseMs: 15_000 });
  const add = (clock: Clock, key: string, type = 'work') =>
    database.repositories.jobs.add([{ type, key, payload: key, runAfter: clock.now() }], clock.now());
  const jobs = (): Promise<Job[]> => database.repositories.jobs.list();

  it('does what is written while it runs, and waits for what it does when it stops', async () => {
    const clock = new SteppedClock();
    const runner = runnerAt(clock);
    const done: unknown[] = [];
    let enter: () => void = () => undefined;
    const entered = new Promise<void>((resolve) => (enter = resolve));
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    runner.register('work', async (payload) => {
      if (payload === 'slow') {
        enter();
        await released;
      }
      done.push(payload);
    });
    runner.start();
    await add(clock, 'slow');
    runner.wake();
    await entered;
    const stopped = runner.stop();
    release();
    await stopped;
    expect(done).toEqual(['slow']);
    expect((await jobs()).map(({ state }) => state)).toEqual(['done']);
    await add(clock, 'later');
    expect((await jobs()).map(({ state }) => state)).toEqual(['done', 'pending']);
    runner.start();
    while ((await jobs()).some(({ state }) => state === 'pending')) await new Promise((wait) => setTimeout(wait, 10));
    await runner.stop();
    expect(done).toEqual(['slow', 'later']);
  }, 30_000);

  it('tries again later and later, and says why', async () => {
    const clock = new SteppedClock();
    const runner = runnerAt(clock);
    let failures = 3;
    runner.register('work', () => (failures-- > 0 ? Promise.reject(new Error('disk full')) : Promise.resolve()));
    await add(clock, 'a');
    for (const waitMs of [250, 500, 1000]) {
      expect(await runner.runOne()).toBe(true);
      expect(await jobs()).toMatchObject([{ state: 'pending', lastError: 'disk full' }]);
      clock.at += waitMs - 1;
      expect(await runner.runOne()).toBe(false);
      clock.at += 1;
    }
    expect(await runner.runOne()).toBe(true);
    expect(await jobs()).toMatchObject([{ state: 'done', attempts: 4 }]);
  });

  it('finishes nothing that another runner took over in the meantime', async () => {
    const clock = new SteppedClock();
    const [slow, fast] = [runnerAt(clock), runnerAt(clock)];
    let done = 0;
    fast.register('work', () => {
      done++;
      return Promise.resolve();
    });
    // While the first is at it, its lease runs out: as if the process had been asleep.
    slow.register('work', async () => {
      clock.at += 61_000;
      expect(await fast.runOne('fast')).toBe(true);
      done++;
    });
    await add(clock, 'a');
    await slow.runOne('slow');
    expect(done).toBe(2);
    expect(await jobs()).toMatchObject([{ state: 'done', attempts: 2, leaseOwner: null }]);
  });

  it('takes up the job of a runner that died once its lease ran out, and not before', async () => {
    const clock = new SteppedClock();
    const runner = runnerAt(clock);
    runner.register('work', () => Promise.resolve());
    await add(clock, 'a');
    const { jobs: queue } = database.repositories;
    const until = new Date(clock.at + 15_000);
    expect(await queue.lease({ owner: 'dead', now: clock.now(), until })).toMatchObject({ key: 'a' });
    clock.at += 14_999;
    expect(await runner.runOne()).toBe(false);
    clock.at += 1;
    expect(await runner.runOne()).toBe(true);
    expect(await jobs()).toMatchObject([{ state: 'done', attempts: 2 }]);
  });

  it('keeps what it does not know as failed', async () => {
    const clock = new SteppedClock();
    await add(clock, 'a', 'unheard-of');
    await runnerAt(clock).runOne();
    expect(await jobs()).toMatchObject([{ state: 'failed', lastError: 'no handler for jobs of type unheard-of' }]);
  });
});
