import { type SiteId, type StudyId } from '@fedistl/core';
import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { RoundAttempt } from './round-attempt.entity';

/** A site's word that it will send nothing in an attempt, and why. */
@Entity('withdrawal')
@ForeignKey(
  () => RoundAttempt,
  ['studyId', 'generation', 'round', 'attempt'],
  ['studyId', 'generation', 'round', 'attempt'],
  { name: 'fk_withdrawal_round_attempt' },
)
export class Withdrawal {
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

  @Column({ type: 'text' })
  code!: string;

  @Column({ type: 'text' })
  message!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;
}
