import { type SiteActivity, type SiteWork } from '@fedistl/protocol';
import { type JobProgress } from '../training/training-job';

/** Something that the node does, one at a time. */
export interface Task {
  /** Names the round or the evaluation. */
  readonly key: string;
  /** @returns whether there is more to do at once */
  run(signal: AbortSignal): Promise<boolean>;
  /** False while it hands something in: the coordinator may have it already. */
  mayBeStopped(): boolean;
  activity(): SiteActivity;
  progress(): JobProgress | null;
}

/** Rounds, or evaluations. */
export interface TaskKind {
  readonly handles: SiteWork['kind'];
  /**
   * Looks at one item of the coordinator's list.
   *
   * @param paused nothing new is begun
   * @param stop ends the task of a key, if it is at hand, before its position is changed
   * @returns the key of what the coordinator wants; null for an item that cannot be trusted
   */
  receive(item: SiteWork, paused: boolean, stop: (key: string) => Promise<void>): Promise<string | null>;
  /** Gives up what the coordinator no longer waits for. @param busy key of the task at hand, which is left alone */
  closeAllBut(wanted: ReadonlySet<string>, busy: string | undefined): Promise<void>;
  /** Tasks that have something to do now. */
  pending(): Promise<Task[]>;
}
