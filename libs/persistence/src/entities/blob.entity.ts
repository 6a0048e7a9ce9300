import { type BlobHash, type SiteId, type StudyId } from '@fedistl/core';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Decides who may fetch it: models and centres go to the study's sites, updates and moments to no site. */
export type BlobPurpose = 'model' | 'centre' | 'moments' | 'update';

/** A blob that the store holds, and why. */
@Entity('blob')
@Index('ix_blob_study', ['studyId'])
@Check('ck_blob_purpose', `"purpose" IN ('model', 'centre', 'moments', 'update')`)
export class Blob {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_blob' })
  blobHash!: BlobHash;

  /** In bytes. A bigint is a text to the driver. */
  @Column({ type: 'bigint', transformer: { to: (value: number) => String(value), from: Number } })
  byteLength!: number;

  @Column({ type: 'text' })
  purpose!: BlobPurpose;

  @Column({ type: 'text', nullable: true })
  studyId!: StudyId | null;

  /** The site that uploaded it; null for what the coordinator made or a person uploaded. */
  @Column({ type: 'text', nullable: true })
  siteId!: SiteId | null;

  @Column({ type: 'timestamptz' })
  createdAt!: Date;
}
