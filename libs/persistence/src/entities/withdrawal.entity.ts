import { type SiteId, type StudyId } from '@fedistl/core';
import { Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { GivenReason } from './given-reason';
import { RoundAttempt } from './round-attempt.entity';

/** A site's word that it will send nothing in an attempt, and why. */
@Entity('withdrawal')
@ForeignKey(
  () => RoundAttempt,
  ['studyId', 'generation', 'round', 'attempt'],
  ['studyId', 'generation', 'round', 'attempt'],
  { name: 'fk_withdrawal_round_attempt' },
)
export class Withdrawal extends GivenReason {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_withdrawal' })
  studyId!: StudyId;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_withdrawal' })
  generation!: number;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_withdrawal' })
  round!: number;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_withdrawal' })
  attempt!: number;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_withdrawal' })
  siteId!: SiteId;
}
