import { type BlobHash, type StudyId } from '@fedistl/core';
import { type Envelope } from '@fedistl/crypto';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A signed statement that has no table of its own (an approval, a revocation), kept as evidence. */
@Entity('signed_record')
@Index('ix_signed_record_study', ['studyId'])
export class SignedRecord {
  /** SHA-256 of the envelope's canonical JSON, as ledger entries name it. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_signed_record' })
  envelopeHash!: BlobHash;

  /** Message type. */
  @Column({ type: 'text' })
  type!: string;

  @Column({ type: 'text', nullable: true })
  studyId!: StudyId | null;

  @Column({ type: 'jsonb' })
  envelope!: Envelope;

  @Column({ type: 'timestamptz' })
  createdAt!: Date;
}
