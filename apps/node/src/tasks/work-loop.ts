import { sleep } from '@fedistl/client';
import { NodeError } from '../node.errors';
import { type SafeError } from '../log/safe-error';
import { type StudyWatch } from '../studies/study-watch';
import { type BlobKeeper } from '../transfer/blob-keeper';
import { type SiteContext } from './site-context';
import { type Task, type TaskKind } from './task';

/** How the node stands to its coordinator. */
export type Link = { readonly state: 'starting' | 'connected' } | ({ readonly state: 'waiting' } & SafeError);

/**
 * Asks the coordinator for work again and again, and does one task at a time. Hints make it ask sooner; nothing else depends on
 * them. An error ends nothing: what was begun is on the disk, and is gone on with at the next turn.
 */
export class WorkLoop {
  link: Link = { state: 'starting' };
  /** What is being done now. */
  current: Task | null = null;
  #abort: AbortController | null = null;
  #done: Promise<void> = Promise.resolve();
  #wake = new AbortController();
  /** Turns to wait before a task that failed is tried again, by its key. */
  readonly #failures = new Map<string, { count: number; notBefore: number }>();

  constructor(
    private readonly site: SiteContext,
    private readonly studies: StudyWatch,
    private readonly kinds: readonly TaskKind[],
    private readonly blobs: BlobKeeper,
  ) {}

  /** There may be something new. */
  hint(): void {
    this.#wake.abort();
  }

  /** Runs until the signal; the task at hand is stopped and its position is on the disk. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#wake = new AbortController();
      await this.#turn();
      await sleep(this.site.config.pollSeconds * 1000, AbortSignal.any([signal, this.#wake.signal]));
    }
    this.#abort?.abort();
    await this.#done;
  }

  async #turn(): Promise<void> {
    try {
      if (this.link.state !== 'connected') await this.#requireApproval();
      await this.studies.refresh();
      const { work } = await this.site.client.work();
      const wanted = new Set<string>();
      for (const item of work) {
        const kind = this.kinds.find(({ handles }) => handles === item.kind);
        const key = await kind?.receive(item, this.site.state.paused !== null, (busy) => this.#stop(busy));
        if (key !== undefined && key !== null) wanted.add(key);
      }
      await this.#closeUnwanted(wanted);
      if (this.current === null) await this.blobs.tidy();
      if (this.link.state !== 'connected') this.site.log.info('connected to the coordinator');
      this.link = { state: 'connected' };
    } catch (error) {
      this.#waiting(error);
    }
    try {
      await this.#startNext();
    } catch (error) {
      this.site.log.problem('cannot go on with a task', error);
    }
  }

  async #requireApproval(): Promise<void> {
    const { state } = await this.site.client.self();
    if (state === 'approved') return;
    throw new NodeError('NODE.NOT_APPROVED', `expected a site that the coordinator approved, it is ${state}`);
  }

  #waiting(error: unknown): void {
    const before = this.link;
    const { code, message } =
      before.state === 'waiting' && codeOf(error) === before.code
        ? before
        : this.site.log.problem('waiting for the coordinator', error);
    this.link = { state: 'waiting', code, message };
  }

  /** What the coordinator no longer waits for is given up; what it may just be taking is left to end. */
  async #closeUnwanted(wanted: ReadonlySet<string>): Promise<void> {
    if (this.current !== null && !wanted.has(this.current.key) && this.current.mayBeStopped()) {
      await this.#stop(this.current.key);
    }
    const busy = this.current?.key;
    for (const kind of this.kinds) await kind.closeAllBut(wanted, busy);
  }

  async #startNext(): Promise<void> {
    if (this.current !== null) return;
    for (const kind of this.kinds) {
      for (const task of await kind.pending()) {
        if ((this.#failures.get(task.key)?.notBefore ?? 0) > Date.now()) continue;
        this.#start(task);
        return;
      }
    }
  }

  #start(task: Task): void {
    const abort = new AbortController();
    this.current = task;
    this.#abort = abort;
    this.#done = this.#run(task, abort.signal);
  }

  async #run(task: Task, signal: AbortSignal): Promise<void> {
    let moreToDo = true;
    try {
      moreToDo = await task.run(signal);
      this.#failures.delete(task.key);
    } catch (error) {
      moreToDo = false;
      if (!signal.aborted) this.#failed(task.key, error);
    }
    this.current = null;
    this.#abort = null;
    if (moreToDo) this.hint();
  }

  /** Waits longer each time, up to five minutes: a full disk does not fill the log. */
  #failed(key: string, error: unknown): void {
    const count = (this.#failures.get(key)?.count ?? 0) + 1;
    const waitMs = Math.min(300_000, 500 * 2 ** Math.min(count, 12));
    this.#failures.set(key, { count, notBefore: Date.now() + waitMs });
    this.site.log.problem('a task is interrupted and will go on', error, { task: key, failures: count });
  }

  /** Stops the task of this key, if it is the one at hand, and waits for its end. */
  async #stop(key: string): Promise<void> {
    if (this.current?.key !== key) return;
    this.#abort?.abort();
    await this.#done;
  }
}

function codeOf(error: unknown): string {
  return error instanceof NodeError || (error instanceof Error && 'code' in error) ? String(error.code) : '';
}
