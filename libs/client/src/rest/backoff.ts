/** Waits between repeated calls. */
export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

export const defaultBackoff: Backoff = { firstMs: 250, longestMs: 30_000 };

/**
 * How long to wait before repeat `attempt` (1 is the first): "full jitter", uniform from 0 to the doubled bound, so that many
 * nodes that lost one coordinator do not all come back at once.
 *
 * @param random in [0, 1)
 */
export function backoffMs(attempt: number, { firstMs, longestMs }: Backoff, random = Math.random()): number {
  const bound = Math.min(longestMs, firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(bound * random);
}

/** Resolves after `ms`, or at once when the signal is aborted; the caller looks at the signal. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}
