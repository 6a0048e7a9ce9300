/** What has to be known of a task to say when it may begin. */
interface Ordered {
  readonly name: string;
  /** Names of tasks that have to be finished before. */
  readonly after: readonly string[];
}

/**
 * Runs tasks in their order, up to `atOnce` at the same time, each after those that it names. When one fails, no further one is
 * begun, the signal asks those that run to stop, they are awaited, and the first failure is thrown.
 *
 * @throws Error when a task waits for one that is not in the list, or for itself in a circle
 */
export async function runInOrder<T extends Ordered>(
  tasks: readonly T[],
  atOnce: number,
  run: (task: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const waiting = [...tasks];
  const finished = new Set<string>();
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const stop = new AbortController();
  const start = (task: T): void => {
    waiting.splice(waiting.indexOf(task), 1);
    const promise = run(task, stop.signal)
      .then(
        () => void finished.add(task.name),
        (error: unknown) => {
          failures.push(error);
          stop.abort();
        },
      )
      .finally(() => running.delete(promise));
    running.add(promise);
  };
  while (running.size > 0 || (waiting.length > 0 && failures.length === 0)) {
    while (failures.length === 0 && running.size < atOnce) {
      const ready = waiting.find(({ after }) => after.every((name) => finished.has(name)));
      if (ready === undefined) break;
      start(ready);
    }
    if (running.size === 0) break;
    await Promise.race(running);
  }
  if (failures.length > 0) throw failures[0];
  if (waiting.length > 0) throw new Error(`never begun: ${waiting.map(({ name }) => name).join(', ')}`);
}
