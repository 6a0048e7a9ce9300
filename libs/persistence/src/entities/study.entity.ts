import { type BlobHash, type ModelHash, type PlanHash, type StudyId } from '@fedistl/core';
import { type Envelope } from '@fedistl/crypto';
import { type StudyPlan } from '@fedistl/protocol';
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

export type StudyState = 'draft' | 'approved' | 'running' | 'paused' | 'completed' | 'cancelled' | 'failed';

/** A study: its plan, and where it stands. */
@Entity('study')
@Check('ck_study_state', `"state" IN ('draft', 'approved', 'running', 'paused', 'completed', 'cancelled', 'failed')`)
@Check('ck_study_four_eyes', `"approved_by" IS NULL OR "approved_by" <> "created_by"`)
export class Study {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_study' })
  studyId!: StudyId;

  @Column({ type: 'text' })
  title!: string;

  @Column({ type: 'jsonb' })
  plan!: StudyPlan;

  @Column({ type: 'text' })
  planHash!: PlanHash;

  /** The plan signed by the coordinator. */
  @Column({ type: 'jsonb' })
  planEnvelope!: Envelope;

  @Column({ type: 'text' })
  state!: StudyState;

  /** Code and sentence of why it is paused, failed or cancelled. */
  @Column({ type: 'text', nullable: true })
  stateReason!: string | null;

  @Column({ type: 'text' })
  createdBy!: string;

  @Column({ type: 'timestamptz' })
  createdAt!: Date;

  @Column({ type: 'text', nullable: true })
  approvedBy!: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  approvedAt!: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  endedAt!: Date | null;

  @Column({ type: 'text' })
  initialModelHash!: ModelHash;

  /** Hash of the model's tensor layout. */
  @Column({ type: 'text' })
  layoutHash!: BlobHash;

  /** Generation and round that run, or ran last; round 0 before the first. */
  @Column({ type: 'integer' })
  generation!: number;

  @Column({ type: 'integer' })
  round!: number;

  /** The promoted model: what a generation starts its average from; null until one was promoted. */
  @Column({ type: 'text', nullable: true })
  teacherHash!: ModelHash | null;

  /** Where the next round starts. */
  @Column({ type: 'text' })
  studentHash!: ModelHash;

  /**
   * The moving average of the students of this generation, which makes the pseudo-labels of the next round and is the candidate
   * after the last; null in generation 0.
   */
  @Column({ type: 'text', nullable: true })
  averageHash!: ModelHash | null;

  @Column({ type: 'text', nullable: true })
  centreHash!: BlobHash | null;

  /** Moments of the server's optimiser. */
  @Column({ type: 'text', nullable: true })
  momentsHash!: BlobHash | null;

  /** Steps that the server's optimiser has taken in this generation. */
  @Column({ type: 'integer' })
  serverStep!: number;

  /** Grows with every model that is published. */
  @Column({ type: 'integer' })
  modelIndex!: number;
}
