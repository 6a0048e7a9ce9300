import { runInOrder } from './run-in-order';

const task = (name: string, ...after: string[]): { name: string; after: string[] } => ({ name, after });

/** Tasks that end when they are told to, and what has happened so far. */
function stage(): {
  log: string[];
  run: (task: { name: string }, signal: AbortSignal) => Promise<void>;
  end: (name: string, error?: Error) => Promise<void>;
} {
  const log: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  return {
    log,
    run: ({ name }, signal) => {
      log.push(name);
      return new Promise((resolve, reject) => {
        ends.set(name, (error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
        signal.addEventListener('abort', () => {
          log.push(`stop ${name}`);
          resolve();
        });
      });
    },
    end: async (name, error) => {
      ends.get(name)?.(error);
      await new Promise(setImmediate);
    },
  };
}

it('runs as many as it may, each after those that it names', async () => {
  const { log, run, end } = stage();
  const whole = runInOrder([task('a'), task('b', 'a'), task('c'), task('d')], 2, run);
  expect(log).toEqual(['a', 'c']);
  await end('c');
  expect(log).toEqual(['a', 'c', 'd']);
  await end('a');
  expect(log).toEqual(['a', 'c', 'd', 'b']);
  await end('d');
  await end('b');
  await whole;
});

it('one by one keeps the order of the list', async () => {
  const done: string[] = [];
  await runInOrder([task('a'), task('b', 'a'), task('c')], 1, async ({ name }) => {
    await Promise.resolve();
    done.push(name);
  });
  expect(done).toEqual(['a', 'b', 'c']);
});

it('stops those that run when one fails, begins no other, and throws the failure', async () => {
  const { log, run, end } = stage();
  const whole = runInOrder([task('a'), task('b'), task('c')], 2, run);
  const failed = expect(whole).rejects.toThrow('a failed');
  await end('a', new Error('a failed'));
  await failed;
  expect(log).toEqual(expect.arrayContaining(['stop b']));
  expect(log).not.toContain('c');
});

it('says which can never begin', async () => {
  const run = (): Promise<void> => Promise.resolve();
  await expect(runInOrder([task('a', 'b'), task('b', 'a'), task('c')], 2, run)).rejects.toThrow('never begun: a, b');
});
