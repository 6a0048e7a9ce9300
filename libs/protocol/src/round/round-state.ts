import { type BlobHash, type SiteId, type StudyId } from '@fedistl/core';
import { type AggregationModeName } from '../plan/aggregation-plan.schema';
import { type SchedulePlan } from '../plan/study-plan.schema';

/** Which round this is, over all its attempts. */
export interface RoundKey {
  readonly studyId: StudyId;
  readonly generation: number;
  readonly round: number;
}

/**
 * - `planned`: nothing published yet
 * - `collecting`: the manifest is out, updates arrive
 * - `aggregating`: the set of updates is fixed, the next student is being made from it
 * - `completed`, `failed`, `cancelled`: final
 *
 * Secure aggregation divides `collecting` into steps of its own (`Collection`); the phases here stay the same.
 */
export type RoundPhase = 'planned' | 'collecting' | 'aggregating' | 'completed' | 'failed' | 'cancelled';

export const roundPhases: readonly RoundPhase[] = [
  'planned',
  'collecting',
  'aggregating',
  'completed',
  'failed',
  'cancelled',
];

/** What the round needs of the plan's schedule. */
export type RoundRules = Pick<SchedulePlan, 'minimumSites' | 'quorum' | 'maximumAttempts'>;

/** What has been gathered in one attempt; a union on the aggregation mode. */
export type Collection = PlainCollection;

export interface PlainCollection {
  readonly mode: 'plain';
  /** Accepted update of each site, by the hash of its blob. One a site and attempt, for good. */
  readonly accepted: ReadonlyMap<SiteId, BlobHash>;
}

export interface RoundState {
  readonly key: RoundKey;
  readonly rules: RoundRules;
  readonly mode: AggregationModeName;
  readonly phase: RoundPhase;
  /** From 1; 0 while planned. */
  readonly attempt: number;
  readonly deadlineAtMs: number;
  /** Sites of this attempt, ascending. Revoked ones are taken out. */
  readonly invited: readonly SiteId[];
  /** Sites that said they will send nothing in this attempt. */
  readonly withdrawn: ReadonlySet<SiteId>;
  /** Sites whose key was revoked while the round ran; they stay out of every attempt. */
  readonly revoked: ReadonlySet<SiteId>;
  readonly collection: Collection;
  /** Counts the aggregations started; a result of an earlier one (before a revocation) is not taken. */
  readonly aggregation: number;
  /** Hash of the next student once completed. */
  readonly result: string | null;
  /** Code of the failure or cancellation. */
  readonly outcome: string | null;
}

/** A round before its first attempt. */
export function plannedRound(key: RoundKey, rules: RoundRules, mode: AggregationModeName): RoundState {
  return {
    key,
    rules,
    mode,
    phase: 'planned',
    attempt: 0,
    deadlineAtMs: 0,
    invited: [],
    withdrawn: new Set(),
    revoked: new Set(),
    collection: { mode, accepted: new Map() },
    aggregation: 0,
    result: null,
    outcome: null,
  };
}

/** Sites that may still send: invited, neither withdrawn nor accepted. */
export function outstandingSites(state: RoundState): SiteId[] {
  return state.invited.filter((site) => !state.withdrawn.has(site) && !state.collection.accepted.has(site));
}

/** What the aggregation folds: sites in ascending order with their blobs. */
export function contributions(state: RoundState): { siteId: SiteId; blobHash: BlobHash }[] {
  return [...state.collection.accepted]
    .map(([siteId, blobHash]) => ({ siteId, blobHash }))
    .sort((a, b) => (a.siteId < b.siteId ? -1 : 1));
}

export function isFinal(phase: RoundPhase): boolean {
  return phase === 'completed' || phase === 'failed' || phase === 'cancelled';
}
