/**
 * Applies `work` to up to `concurrency` items at a time and yields the results in the order of the items, so that a
 * parallel import stores the same thing as a serial one.
 *
 * No more than `concurrency` items are read ahead. When the consumer stops, or one item throws, nothing new is started and
 * what is under way is waited for.
 */
export async function* mapOrdered<Item, Result>(
  items: AsyncIterable<Item>,
  concurrency: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const running: Promise<Result>[] = [];
  try {
    for await (const item of items) {
      const started = work(item);
      // A rejection is reported when its turn comes; until then it must not count as unhandled.
      started.catch(() => undefined);
      running.push(started);
      if (running.length >= concurrency) {
        const next = running.shift();
        if (next !== undefined) yield await next;
      }
    }
    for (let next = running.shift(); next !== undefined; next = running.shift()) yield await next;
  } finally {
    await Promise.allSettled(running);
  }
}
