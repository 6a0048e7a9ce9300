import { sleep } from '@fedistl/client';

/** Work shorter than this is saved up: a timer that waits for less is not exact. */
const SHORTEST_REST_MS = 20;

/** The time that rests and work are measured by, ms. */
export interface Clock {
  readonly now: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const machine: Clock = { now: () => performance.now(), sleep };

/**
 * Keeps a process' use of its device to a share of the time: called between steps, it rests as long as the work since the last
 * call allows. A step is done in one go, so the share holds on average, not at each moment, and memory stays taken.
 *
 * The engines have no limit of their own; what limits the processors of a GPU itself is the driver (docs/node.md).
 *
 * @param share more than 0, at most 1; 1 never rests
 * @param signal ends a rest early
 */
export function dutyCycle(share: number, signal: AbortSignal, clock: Clock = machine): () => Promise<void> {
  let since = clock.now();
  let owed = 0;
  return async () => {
    const worked = clock.now() - since;
    owed += worked * (1 / share - 1);
    if (owed >= SHORTEST_REST_MS && !signal.aborted) {
      const before = clock.now();
      await clock.sleep(owed, signal);
      // A rest that took a little longer than it should counts for the next one; a machine that slept does not.
      owed = Math.max(owed - (clock.now() - before), -SHORTEST_REST_MS);
    }
    since = clock.now();
  };
}
