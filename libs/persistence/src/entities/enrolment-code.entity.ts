import { type SiteId } from '@fedistl/core';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A one-time code by which a named site may enrol. The code itself is not kept. */
@Entity('enrolment_code')
export class EnrolmentCode {
  /** SHA-256 of the code. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_enrolment_code' })
  codeHash!: string;

  @Column({ type: 'text' })
  siteId!: SiteId;

  @Column({ type: 'text' })
  displayName!: string;

  @Column({ type: 'text' })
  createdBy!: string;

  @Column({ type: 'timestamptz' })
  createdAt!: Date;

  @Column({ type: 'timestamptz' })
  expiresAt!: Date;

  @Column({ type: 'timestamptz', nullable: true })
  usedAt!: Date | null;
}
