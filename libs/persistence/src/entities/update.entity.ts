import { type BlobHash, type SiteId, type StudyId } from '@fedistl/core';
import { type Envelope } from '@fedistl/crypto';
import { type UpdateManifest } from '@fedistl/protocol';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { RoundAttempt } from './round-attempt.entity';

/**
 * `accepted`: acknowledged, and in the set unless its attempt fails; `aggregated`: part of the round's result; `void`: its
 * attempt failed or its site was revoked; `refused`: found bad while it was folded.
 */
export type UpdateState = 'accepted' | 'aggregated' | 'void' | 'refused';

/** A site's signed update to one attempt. */
@Entity('update')
@ForeignKey(
  () => RoundAttempt,
  ['studyId', 'generation', 'round', 'attempt'],
  ['studyId', 'generation', 'round', 'attempt'],
  { name: 'fk_update_round_attempt' },
)
@Unique('uq_update_site_attempt', ['studyId', 'generation', 'round', 'attempt', 'siteId'])
@Unique('uq_update_nonce', ['siteId', 'nonce'])
@Index('ix_update_blob', ['blobHash'])
@Check('ck_update_state', `"state" IN ('accepted', 'aggregated', 'void', 'refused')`)
export class Update {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_update' })
  id!: string;

  @Column({ type: 'text' })
  studyId!: StudyId;

  @Column({ type: 'integer' })
  generation!: number;

  @Column({ type: 'integer' })
  round!: number;

  @Column({ type: 'integer' })
  attempt!: number;

  @Column({ type: 'text' })
  siteId!: SiteId;

  @Column({ type: 'text' })
  blobHash!: BlobHash;

  @Column({ type: 'jsonb' })
  manifest!: UpdateManifest;

  @Column({ type: 'jsonb' })
  envelope!: Envelope;

  @Column({ type: 'text' })
  envelopeHash!: BlobHash;

  @Column({ type: 'text' })
  nonce!: string;

  @Column({ type: 'text' })
  state!: UpdateState;

  /** Code, when refused or void. */
  @Column({ type: 'text', nullable: true })
  stateReason!: string | null;

  @Column({ type: 'timestamptz' })
  receivedAt!: Date;
}
