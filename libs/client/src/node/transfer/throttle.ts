import { sleep } from '../../rest/backoff';

/** Keeps a flow of bytes to a rate on average: each portion is booked, and who comes too early waits. */
export class Throttle {
  #freeAt = 0;

  /** @param bytesPerSecond null does not limit */
  constructor(
    private readonly bytesPerSecond: number | null,
    private readonly now: () => number = () => performance.now(),
    private readonly wait: (ms: number, signal?: AbortSignal) => Promise<void> = sleep,
  ) {}

  /** Resolves when `bytes` more may flow. Calls at the same time share the rate. */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    if (this.bytesPerSecond === null) return;
    const now = this.now();
    const startsAt = Math.max(now, this.#freeAt);
    this.#freeAt = startsAt + (bytes / this.bytesPerSecond) * 1000;
    if (this.#freeAt > now) await this.wait(this.#freeAt - now, signal);
  }
}
