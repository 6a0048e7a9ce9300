import { type BlobHash, type ModelHash, type StudyId } from '@fedistl/core';
import { type RoundPhase, type RoundStateJson } from '@fedistl/protocol';
import { Check, Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Study } from './study.entity';

/** A round over all its attempts; the row that a transition locks. */
@Entity('round')
@Check('ck_round_phase', `"phase" IN ('planned', 'collecting', 'aggregating', 'completed', 'failed', 'cancelled')`)
export class Round {
  @ForeignKey(() => Study, { name: 'fk_round_study' })
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_round' })
  studyId!: StudyId;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_round' })
  generation!: number;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_round' })
  round!: number;

  /** What `roundStateToJson` wrote; the only truth about the round. */
  @Column({ type: 'jsonb' })
  state!: RoundStateJson;

  /** Of `state`, for queries. */
  @Column({ type: 'text' })
  phase!: RoundPhase;

  /** Of `state`, for queries. */
  @Column({ type: 'integer' })
  attempt!: number;

  /** Makes the pseudo-labels of this round, the generation's moving average; null in generation 0. */
  @Column({ type: 'text', nullable: true })
  teacherHash!: ModelHash | null;

  @Column({ type: 'text' })
  studentHash!: ModelHash;

  @Column({ type: 'text', nullable: true })
  centreHash!: BlobHash | null;

  @Column({ type: 'text', nullable: true })
  momentsHash!: BlobHash | null;

  @Column({ type: 'integer' })
  serverStep!: number;

  /** Of the models that the manifest names. */
  @Column({ type: 'integer' })
  modelIndex!: number;

  @Column({ type: 'timestamptz' })
  createdAt!: Date;

  @Column({ type: 'timestamptz' })
  updatedAt!: Date;
}
