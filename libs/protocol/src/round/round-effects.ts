import { type BlobHash, type SiteId } from '@fedistl/core';

/** What the caller must do after a transition, in this order, in the transaction that stores the new state. */
export type RoundEffect =
  /** Sign and publish the manifest of this attempt; wake up at the deadline. */
  | {
      readonly type: 'publish-manifest';
      readonly attempt: number;
      readonly sites: readonly SiteId[];
      readonly deadlineAtMs: number;
    }
  /** Tell the site that its update counts; `duplicate` when it did already. */
  | {
      readonly type: 'acknowledge-update';
      readonly siteId: SiteId;
      readonly blobHash: BlobHash;
      readonly duplicate: boolean;
    }
  /** Tell the sender why its event changed nothing. */
  | { readonly type: 'refuse'; readonly code: RoundRefusal; readonly siteId: SiteId | null }
  /** Make the next student from exactly these updates. */
  | {
      readonly type: 'start-aggregation';
      readonly attempt: number;
      readonly aggregation: number;
      readonly contributions: readonly { readonly siteId: SiteId; readonly blobHash: BlobHash }[];
    }
  /** Choose sites and deadline of the next attempt and send `open-attempt`. */
  | { readonly type: 'plan-attempt'; readonly attempt: number; readonly code: string }
  | { readonly type: 'wake-at'; readonly attempt: number; readonly atMs: number }
  | { readonly type: 'announce-completed'; readonly studentHash: string }
  | { readonly type: 'announce-failed'; readonly code: string }
  | { readonly type: 'announce-cancelled'; readonly code: string };

export type RoundEffectType = RoundEffect['type'];

/** Why an event was not taken; codes are listed in docs/errors/protocol.md. */
export type RoundRefusal =
  | 'ROUND.FOREIGN_EVENT'
  | 'ROUND.NOT_OPEN'
  | 'ROUND.CLOSED'
  | 'ROUND.WRONG_ATTEMPT'
  | 'ROUND.TOO_FEW_SITES'
  | 'ROUND.NOT_INVITED'
  | 'ROUND.SITE_REVOKED'
  | 'ROUND.SITE_WITHDREW'
  | 'ROUND.UPDATE_CONFLICT'
  | 'ROUND.ALREADY_SENT'
  | 'ROUND.STALE_RESULT';
