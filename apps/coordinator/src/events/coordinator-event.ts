import { type ModelHash, type SiteId, type StudyId } from '@fedistl/core';
import { type TrainingProgress } from '@fedistl/protocol';

/** Something that changed. It carries names, never values: whoever is interested asks the REST API. */
export type CoordinatorEvent =
  /** There is work for these sites: a round was opened, or an evaluation ordered. */
  | { readonly type: 'work'; readonly studyId: StudyId; readonly siteIds: readonly SiteId[] }
  /** A study was created, approved, started, paused, resumed or ended, or a site joined it. */
  | { readonly type: 'study'; readonly studyId: StudyId }
  | { readonly type: 'round'; readonly studyId: StudyId; readonly generation: number; readonly round: number }
  | { readonly type: 'model'; readonly studyId: StudyId; readonly modelHash: ModelHash }
  | { readonly type: 'evaluation'; readonly studyId: StudyId; readonly generation: number }
  | { readonly type: 'ledger'; readonly size: number }
  /** A site enrolled, was approved, connected or disconnected, or told what it does. */
  | { readonly type: 'site'; readonly siteId: SiteId }
  | { readonly type: 'site-revoked'; readonly siteId: SiteId }
  | { readonly type: 'proposal'; readonly proposalId: string }
  | { readonly type: 'token-revoked'; readonly tokenId: string }
  | { readonly type: 'progress'; readonly siteId: SiteId; readonly progress: TrainingProgress };

export type CoordinatorEventType = CoordinatorEvent['type'];
