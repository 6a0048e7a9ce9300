import { type ModelHash, type SiteId, type StudyId } from '@fedistl/core';
import { type Actor, type Unit } from '../audit/unit-of-work';

export interface ModelChoice {
  readonly studyId: StudyId;
  readonly modelHash: ModelHash;
}

export interface ModelDecision {
  readonly by: Actor;
  readonly reason: string;
}

/** What two people may decide about a study's models; the models context implements it. */
export abstract class ModelGovernance {
  /** Refuses what could not be promoted or returned to now: `MODEL.*`, `STUDY.*`. */
  abstract check(unit: Unit, action: 'promote' | 'rollback', choice: ModelChoice): Promise<void>;
  /** Makes the model the teacher in force. Signs, keeps and records the approval. */
  abstract promote(unit: Unit, choice: ModelChoice, decision: ModelDecision): Promise<void>;
  /** Returns to an earlier teacher. Signs, keeps and records the approval. */
  abstract rollback(unit: Unit, choice: ModelChoice, decision: ModelDecision): Promise<void>;
}

/** What becomes of open rounds when a site goes; the rounds context implements it. */
export abstract class SiteDepartures {
  /** Within the transaction that revokes the site. */
  abstract siteRevoked(unit: Unit, siteId: SiteId): Promise<void>;
}
