import { type Block } from '../aggregate/block-plan';
import { type NormalisedLayer } from '../aggregate/normalised-layer';
import { type PassOperation, type SiteReading } from '../aggregate/pass';
import { type SharedMemory } from '../simd/web-assembly';
import { type UpdateBlobLayout } from '../update/update-blob';
import { type SharedPlan } from './shared-plan';

export interface TaskSite {
  readonly path: string;
  readonly layout: UpdateBlobLayout;
  readonly scale: number;
}

/** What every worker is told about a pass; it knows its own number. */
export interface PassTask {
  readonly memory: SharedMemory;
  readonly plan: SharedPlan;
  readonly workers: number;
  readonly sites: readonly TaskSite[];
  readonly blocks: readonly Block[];
  readonly operation: PassOperation;
  readonly normalisedLayer: NormalisedLayer | null;
  readonly isHashed: boolean;
}

/** What one worker saw: readings of its sites and distances of its rows, by row number. */
export interface PassShare {
  readonly readings: readonly { readonly row: number; readonly reading: SiteReading }[];
  readonly distances: readonly { readonly row: number; readonly squared: Float64Array }[];
}

export type WorkerRequest =
  { readonly kind: 'ping' } | { readonly kind: 'pass'; readonly self: number; readonly task: PassTask };

export type WorkerReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly share: PassShare }
  /** `isEcho`: this worker only stopped because another failed. */
  | { readonly kind: 'failed'; readonly message: string; readonly isEcho: boolean };
