import { type BlobHash, type ModelHash, type SiteId, type StudyId } from '@fedistl/core';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Study } from './study.entity';

export type ModelKind = 'initial' | 'student' | 'average';

/**
 * `intermediate`: of a round within a generation; `candidate`: out for evaluation; `promoted`: it is or was the teacher in
 * force; `rejected`; `retired`: promoted once, taken back by a rollback.
 */
export type ModelState = 'intermediate' | 'candidate' | 'promoted' | 'rejected' | 'retired';

/** What a model was made of. */
export interface ModelLineage {
  readonly teacherHash: ModelHash | null;
  /** The student that the updates changed; null for an initial model. */
  readonly studentHash: ModelHash | null;
  /** The average before it, for an average. */
  readonly averageHash: ModelHash | null;
  readonly contributions: readonly { readonly siteId: SiteId; readonly blobHash: BlobHash; readonly weight: number }[];
}

/** A model of a study's registry. One set of bytes may be a round's student and its average alike: two entries. */
@Entity('model')
@Unique('uq_model_study_hash_kind', ['studyId', 'modelHash', 'kind'])
@Index('ix_model_hash', ['modelHash'])
@Check('ck_model_kind', `"kind" IN ('initial', 'student', 'average')`)
@Check('ck_model_state', `"state" IN ('intermediate', 'candidate', 'promoted', 'rejected', 'retired')`)
export class Model {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_model' })
  id!: string;

  @ForeignKey(() => Study, { name: 'fk_model_study' })
  @Column({ type: 'text' })
  studyId!: StudyId;

  @Column({ type: 'text' })
  modelHash!: ModelHash;

  @Column({ type: 'text' })
  kind!: ModelKind;

  @Column({ type: 'integer' })
  generation!: number;

  /** 0 for the initial model. */
  @Column({ type: 'integer' })
  round!: number;

  @Column({ type: 'text' })
  state!: ModelState;

  /** Index under which it was last published. */
  @Column({ type: 'integer' })
  modelIndex!: number;

  @Column({ type: 'jsonb' })
  lineage!: ModelLineage;

  @Column({ type: 'timestamptz' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', nullable: true })
  decidedAt!: Date | null;
}
