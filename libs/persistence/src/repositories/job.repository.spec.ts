import { canRunPostgres, openTestDatabase, type TestDatabase } from '../testing';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1) + 1000 * seconds);
const lease = (owner: string, now: number, until = now + 60) => ({ owner, now: at(now), until: at(until) });

(canRunPostgres() ? describe : describe.skip)('the job queue', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await openTestDatabase();
  }, 120_000);
  afterAll(() => test.dispose());
  beforeEach(() => test.database.source.query('TRUNCATE job'));
  const jobs = () => test.database.repositories.jobs;
  const add = (key: string, after = 0) =>
    jobs().add([{ type: 'work', key, payload: { key }, runAfter: at(after) }], at(0));

  it('takes the same work once, and gives it when it is due, the oldest first', async () => {
    await add('b', 10);
    await add('a', 5);
    await add('a', 0);
    expect(await jobs().list()).toHaveLength(2);
    expect(await jobs().lease(lease('x', 4))).toBeNull();
    expect(await jobs().nextDue()).toEqual(at(5));
    expect((await jobs().lease(lease('x', 20)))?.key).toBe('a');
    expect((await jobs().lease(lease('x', 20)))?.key).toBe('b');
    expect(await jobs().lease(lease('x', 20))).toBeNull();
  });

  it('never gives one job to two runners', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, i) => add(`job-${i}`)));
    const taken = await Promise.all(Array.from({ length: 20 }, (_, i) => jobs().lease(lease(`runner-${i}`, 1))));
    const keys = taken.flatMap((job) => job?.key ?? []);
    expect(new Set(keys).size).toBe(keys.length);
    while ((await jobs().lease(lease('last', 1))) !== null) keys.push('more');
    expect(keys).toHaveLength(12);
  });

  it('gives a job to another when a lease ran out, and takes nothing more from the first', async () => {
    await add('a');
    const first = (await jobs().lease(lease('first', 0)))!;
    expect(await jobs().lease(lease('second', 59))).toBeNull();
    expect(await jobs().renew(first.id, 'first', at(90))).toBe(true);
    expect(await jobs().lease(lease('second', 70))).toBeNull();
    const again = (await jobs().lease(lease('second', 90)))!;
    expect(again).toMatchObject({ id: first.id, attempts: 2 });
    expect(await jobs().renew(first.id, 'first', at(200))).toBe(false);
    expect(await jobs().finish(first.id, 'first', at(91))).toBe(false);
    expect(await jobs().retry(first.id, 'first', { runAfter: at(500), error: 'late' })).toBe(false);
    expect(await jobs().finish(first.id, 'second', at(92))).toBe(true);
    expect(await jobs().nextDue()).toBeNull();
  });

  it('keeps why it failed, and gives it again later', async () => {
    await add('a');
    const job = (await jobs().lease(lease('x', 0)))!;
    await jobs().retry(job.id, 'x', { runAfter: at(30), error: 'disk full' });
    expect(await jobs().lease(lease('y', 29))).toBeNull();
    expect(await jobs().lease(lease('y', 30))).toMatchObject({ attempts: 2, lastError: 'disk full' });
    await jobs().fail(job.id, 'y', { at: at(31), error: 'no handler' });
    expect(await jobs().list()).toMatchObject([{ state: 'failed', lastError: 'no handler' }]);
  });
});
