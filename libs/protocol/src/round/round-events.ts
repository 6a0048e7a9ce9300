import { type BlobHash, type SiteId } from '@fedistl/core';
import { type RoundKey } from './round-state';

/** What can happen to a round. Every event names its round, and those of an attempt name the attempt. */
export type RoundEvent = { readonly key: RoundKey } & (
  | OpenAttempt
  | UpdateVerified
  | SiteWithdrew
  | SiteRevoked
  | DeadlinePassed
  | Aggregated
  | AggregationFailed
  | Cancelled
);

export type RoundEventType = RoundEvent['type'];

export const roundEventTypes: readonly RoundEventType[] = [
  'open-attempt',
  'update-verified',
  'site-withdrew',
  'site-revoked',
  'deadline-passed',
  'aggregated',
  'aggregation-failed',
  'cancelled',
];

/** The coordinator has chosen the sites and the deadline of the next attempt. */
export interface OpenAttempt {
  readonly type: 'open-attempt';
  readonly attempt: number;
  readonly sites: readonly SiteId[];
  readonly deadlineAtMs: number;
}

/** An upload is complete and passed every check of libs/aggregation (signature, hash, base, plan, shape, norm). */
export interface UpdateVerified {
  readonly type: 'update-verified';
  readonly attempt: number;
  readonly siteId: SiteId;
  readonly blobHash: BlobHash;
}

export interface SiteWithdrew {
  readonly type: 'site-withdrew';
  readonly attempt: number;
  readonly siteId: SiteId;
}

export interface SiteRevoked {
  readonly type: 'site-revoked';
  readonly siteId: SiteId;
}

/** The clock says `nowMs`; raised by a timer, perhaps late, perhaps twice. */
export interface DeadlinePassed {
  readonly type: 'deadline-passed';
  readonly attempt: number;
  readonly nowMs: number;
}

export interface Aggregated {
  readonly type: 'aggregated';
  readonly attempt: number;
  readonly aggregation: number;
  readonly studentHash: string;
}

/** The rule refused the set (too few sites for it, a blob rotted on disk, ...). */
export interface AggregationFailed {
  readonly type: 'aggregation-failed';
  readonly attempt: number;
  readonly aggregation: number;
  readonly code: string;
}

export interface Cancelled {
  readonly type: 'cancelled';
  readonly code: string;
}
