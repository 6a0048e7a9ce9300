import { assertNever } from '@fedistl/core';
import { type SiteActivity, type SiteWork, withinHours } from '@fedistl/protocol';
import { type SiteContext } from '../tasks/site-context';
import { type Task, type TaskKind } from '../tasks/task';
import { nextStep, stepPosition } from './round-machine';
import { isOver, type RoundPosition } from './round-position';
import { openManifest, receiveRound } from './receive-round';
import { roundFacts, RoundRunner } from './round-runner';
import { type RoundName, type RoundStore } from './round-store';

/** Rounds as tasks of the node. */
export class RoundTasks implements TaskKind {
  readonly handles = 'round';
  /** Manifests that were refused before they were read, by their bytes: each is told of once. */
  readonly #distrusted = new Set<string>();

  constructor(
    private readonly site: SiteContext,
    private readonly store: RoundStore,
  ) {}

  async receive(item: SiteWork, paused: boolean, stop: (key: string) => Promise<void>): Promise<string | null> {
    if (item.kind !== 'round') return null;
    let manifest;
    try {
      manifest = openManifest(this.site, item.manifest);
    } catch (error) {
      const { payload } = item.manifest;
      if (!this.#distrusted.has(payload)) this.site.log.problem('a round manifest cannot be trusted', error);
      this.#distrusted.add(payload);
      return null;
    }
    const key = keyOf(manifest);
    const position = await this.store.read(manifest);
    const isNew = position === null || position.manifest.attempt < manifest.attempt;
    const begun = position !== null && !isOver(position.stage);
    if (isNew && (!paused || begun)) {
      await stop(key);
      await receiveRound(this.site, this.store, manifest);
    }
    return key;
  }

  async closeAllBut(wanted: ReadonlySet<string>, busy: string | undefined): Promise<void> {
    const positions = await this.store.list();
    for (const position of positions) {
      const key = keyOf(position.manifest);
      if (wanted.has(key) || key === busy || mayHaveArrived(position)) continue;
      if (!isOver(position.stage)) {
        const reason = { code: 'NODE.NOT_WANTED', message: 'the coordinator no longer waits for this update' };
        await this.store.write(stepPosition(position, { type: 'closed', reason }, this.site.now()));
        this.site.log.info('round closed without this site', roundFacts(position));
      }
      // A new attempt of a study's last round may come at any time, and signs again what was trained.
      if (isFollowed(position, positions)) await this.store.discardTraining(position.manifest);
    }
  }

  async pending(): Promise<Task[]> {
    const positions = await this.store.list();
    const { hours } = await this.site.policy();
    const isOpen = withinHours(hours, this.site.now());
    return positions
      .filter((position) => hasWork(position, isOpen))
      .map(({ manifest }) => new RoundTask(this.site, this.store, manifest));
  }
}

/** Whether the study has gone on to a later round, so that this one is over for good. */
function isFollowed({ manifest }: RoundPosition, positions: readonly RoundPosition[]): boolean {
  const { studyId, generation, round } = manifest;
  return positions.some(
    ({ manifest: other }) =>
      other.studyId === studyId &&
      (other.generation > generation || (other.generation === generation && other.round > round)),
  );
}

/** Killed before the answer: the coordinator may have what was sent. It is sent again, and the answer tells. */
function mayHaveArrived({ stage }: RoundPosition): boolean {
  return stage === 'uploaded' || stage === 'withdrawing';
}

/** Outside the hours only what is small and ready is sent. */
function hasWork(position: RoundPosition, isOpen: boolean): boolean {
  const step = nextStep(position);
  return step !== null && (isOpen || ['sign', 'submit', 'send-withdrawal'].includes(step));
}

export function keyOf({ studyId, generation, round }: RoundName): string {
  return `${studyId}/g${generation}/r${round}`;
}

class RoundTask implements Task {
  readonly key: string;
  readonly #runner: RoundRunner;

  constructor(
    private readonly site: SiteContext,
    store: RoundStore,
    private readonly manifest: RoundPosition['manifest'],
  ) {
    this.key = keyOf(manifest);
    this.#runner = new RoundRunner(site, store, manifest);
  }

  async run(signal: AbortSignal): Promise<boolean> {
    const closing = new AbortController();
    // The hours may end in the middle of training: it is stopped with a checkpoint and goes on when they begin again.
    const watch = setInterval(() => {
      void this.#hoursEnded().then((ended) => {
        if (ended) closing.abort();
      });
    }, 30_000);
    try {
      return (await this.#runner.run(AbortSignal.any([signal, closing.signal]))) === 'over';
    } catch (error) {
      if (closing.signal.aborted && !signal.aborted) return false;
      throw error;
    } finally {
      clearInterval(watch);
    }
  }

  mayBeStopped(): boolean {
    return this.#runner.step !== 'submit' && this.#runner.step !== 'send-withdrawal';
  }

  activity(): SiteActivity {
    const of = roundFacts({ manifest: this.manifest });
    const { step } = this.#runner;
    switch (step) {
      case null:
      case 'download':
      case 'train':
        return { kind: 'training', ...of };
      case 'sign':
      case 'upload':
      case 'submit':
      case 'send-withdrawal':
        return { kind: 'sending', ...of };
      default:
        return assertNever(step);
    }
  }

  progress(): RoundRunner['progress'] {
    return this.#runner.progress;
  }

  async #hoursEnded(): Promise<boolean> {
    try {
      const { hours } = await this.site.policy();
      return !withinHours(hours, this.site.now());
    } catch {
      return false; // A policy that cannot be read stops the next step, not this one.
    }
  }
}
