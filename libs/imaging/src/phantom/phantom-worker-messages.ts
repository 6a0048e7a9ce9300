import { type PhantomFileOptions } from './phantom-file';
import { type PlannedPhantom } from './plan-phantoms';

export interface PhantomWorkerData {
  readonly folder: string;
  readonly plan: readonly PlannedPhantom[];
  readonly options: PhantomFileOptions;
}

export type PhantomWorkerMessage =
  { readonly type: 'written' } | { readonly type: 'finished' } | { readonly type: 'failed'; readonly reason: string };
