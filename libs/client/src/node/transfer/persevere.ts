import { isTransient } from '../../client.errors';
import { type Backoff, backoffMs, sleep } from '../../rest/backoff';

export interface Perseverance {
  /** Breaks in a row without one byte of progress after which the transfer is given up for now. Default: 8. */
  readonly breaks?: number;
  readonly backoff?: Backoff;
  readonly signal?: AbortSignal | undefined;
}

/** Short at first: most cuts are over at once. */
const transferBackoff: Backoff = { firstMs: 50, longestMs: 15_000 };

/**
 * Repeats `attempt` until it returns a value. Progress, told by `position`, makes the count of breaks start again, so that a
 * transfer over a line that always breaks still ends.
 */
export async function persevere<T>(
  attempt: () => Promise<T>,
  position: () => number,
  { breaks = 8, backoff = transferBackoff, signal }: Perseverance,
): Promise<T> {
  let failed = 0;
  for (;;) {
    const before = position();
    try {
      return await attempt();
    } catch (error) {
      if (!isTransient(error) || signal?.aborted === true) throw error;
      failed = position() > before ? 0 : failed + 1;
      if (failed >= breaks) throw error;
      await sleep(failed === 0 ? 0 : backoffMs(failed, backoff), signal);
    }
  }
}
