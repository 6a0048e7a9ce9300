/** Thrown in a worker when another one has failed. */
export class PassAborted extends Error {}

/** How long a wait sleeps before it looks at the abort flag again; counters wake it at once. */
const checkMs = 100;

/**
 * Progress of the workers through the blocks, in shared counters: how many blocks each has filled (read its sites' rows)
 * and how many each has done (computed its part).
 */
export class StepBarrier {
  readonly #counters: Int32Array;

  constructor(
    buffer: ArrayBufferLike,
    offset: number,
    private readonly workers: number,
    private readonly self: number,
  ) {
    this.#counters = new Int32Array(buffer, offset, 1 + 2 * workers);
  }

  /** This worker's rows of the next block are in place. */
  announceFilled(): void {
    this.#raise(1 + this.self);
  }

  /** This worker's part of the next block is computed. */
  announceDone(): void {
    this.#raise(1 + this.workers + this.self);
  }

  /** Blocks that every worker has filled. */
  filledByAll(): number {
    return this.#least(1);
  }

  /** Blocks that every worker has done. */
  doneByAll(): number {
    return this.#least(1 + this.workers);
  }

  /** Waits until every worker has filled at least `blocks` blocks. @throws PassAborted */
  waitFilled(blocks: number): void {
    this.#waitAll(1, blocks);
  }

  /** Waits until every worker has done at least `blocks` blocks. @throws PassAborted */
  waitDone(blocks: number): void {
    this.#waitAll(1 + this.workers, blocks);
  }

  /** Makes every waiting worker stop. */
  abort(): void {
    Atomics.store(this.#counters, 0, 1);
    for (let i = 1; i < this.#counters.length; i++) Atomics.notify(this.#counters, i);
  }

  #least(first: number): number {
    let least = Infinity;
    for (let worker = 0; worker < this.workers; worker++) {
      least = Math.min(least, Atomics.load(this.#counters, first + worker));
    }
    return least;
  }

  #raise(index: number): void {
    Atomics.add(this.#counters, index, 1);
    Atomics.notify(this.#counters, index);
  }

  #waitAll(first: number, blocks: number): void {
    for (let worker = 0; worker < this.workers; worker++) {
      for (;;) {
        const seen = Atomics.load(this.#counters, first + worker);
        if (seen >= blocks) break;
        if (Atomics.load(this.#counters, 0) !== 0) throw new PassAborted();
        Atomics.wait(this.#counters, first + worker, seen, checkMs);
      }
    }
  }
}
