import { setTimeout as delay } from 'node:timers/promises';
import { type ManagedProcess } from './managed-process';
import { ProcessError } from './process.errors';

export interface WaitOptions {
  /** Completes "waited for ..." in the error. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly everyMs?: number;
  /** Waiting ends with an error as soon as one of these has ended. */
  readonly processes?: readonly ManagedProcess[];
  readonly signal?: AbortSignal;
}

/**
 * Asks `condition` until it answers something else than undefined, null or false.
 *
 * @throws ProcessError `PROCESS.TIMEOUT`; `PROCESS.ENDED` with the end of the log of a process that ended meanwhile
 */
export async function waitUntil<T>(
  condition: () => Promise<T | undefined | null | false> | T | undefined | null | false,
  { what, timeoutMs, everyMs = 100, processes = [], signal }: WaitOptions,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const answer = await condition();
    if (answer !== undefined && answer !== null && answer !== false) return answer;
    signal?.throwIfAborted();
    for (const watched of processes) {
      const { exit } = watched;
      if (exit === null) continue;
      throw new ProcessError(
        'PROCESS.ENDED',
        `${watched.name} ended (${exit.signal ?? `exit code ${exit.code}`}) while it was waited for ${what}. Its log ends:\n${watched.tail()}`,
      );
    }
    if (performance.now() > deadline) {
      const logs = processes.map((watched) => `\n--- ${watched.name}:\n${watched.tail()}`).join('');
      throw new ProcessError('PROCESS.TIMEOUT', `waited ${Math.round(timeoutMs / 1000)} s for ${what}${logs}`);
    }
    await delay(everyMs, undefined, signal === undefined ? {} : { signal });
  }
}
