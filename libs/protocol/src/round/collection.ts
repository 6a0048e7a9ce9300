import { type BlobHash, type SiteId } from '@fedistl/core';
import { type RoundState } from './round-state';

/** The round with one update more. The caller has checked that the site may send and has not yet. */
export function withUpdate(state: RoundState, siteId: SiteId, blobHash: BlobHash): RoundState {
  const accepted = new Map(state.collection.accepted).set(siteId, blobHash);
  return { ...state, collection: { ...state.collection, accepted } };
}

/** The round with a site that sends nothing in this attempt. */
export function withWithdrawal(state: RoundState, siteId: SiteId): RoundState {
  return { ...state, withdrawn: new Set(state.withdrawn).add(siteId) };
}

/** The round without a site: no longer invited, its update no longer part of the set, barred from further attempts. */
export function withoutSite(state: RoundState, siteId: SiteId): RoundState {
  const accepted = new Map(state.collection.accepted);
  accepted.delete(siteId);
  const withdrawn = new Set(state.withdrawn);
  withdrawn.delete(siteId);
  return {
    ...state,
    invited: state.invited.filter((site) => site !== siteId),
    withdrawn,
    revoked: new Set(state.revoked).add(siteId),
    collection: { ...state.collection, accepted },
  };
}
