import { type BatchShape, type BatchSlot, type RenderJob } from './batch-slot';
import { type ViewConfig } from './view-config';

/** Handed to a view worker when it starts. */
export interface ViewWorkerData {
  readonly config: ViewConfig;
  readonly shape: BatchShape;
  readonly seed: number | string;
  /** Shared with the main thread; messages name a slot by its place here. */
  readonly slots: readonly BatchSlot[];
}

export interface ViewWorkerRequest {
  readonly slot: number;
  readonly job: RenderJob;
}

export interface ViewWorkerReply {
  readonly slot: number;
  /** Why it failed; absent when all went well. */
  readonly failure?: string;
}
