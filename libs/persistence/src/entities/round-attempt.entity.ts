import { type BlobHash, type StudyId } from '@fedistl/core';
import { type Envelope } from '@fedistl/crypto';
import { type RoundManifest } from '@fedistl/protocol';
import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Round } from './round.entity';

/** A published attempt: the signed manifest that sites fetch. */
@Entity('round_attempt')
@ForeignKey(() => Round, ['studyId', 'generation', 'round'], ['studyId', 'generation', 'round'], {
  name: 'fk_round_attempt_round',
})
export class RoundAttempt {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_round_attempt' })
  studyId!: StudyId;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_round_attempt' })
  generation!: number;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_round_attempt' })
  round!: number;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_round_attempt' })
  attempt!: number;

  @Column({ type: 'jsonb' })
  manifest!: RoundManifest;

  @Column({ type: 'jsonb' })
  envelope!: Envelope;

  @Column({ type: 'text' })
  envelopeHash!: BlobHash;

  @Column({ type: 'timestamptz' })
  issuedAt!: Date;

  @Column({ type: 'timestamptz' })
  deadlineAt!: Date;
}
