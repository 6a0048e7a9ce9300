import { type BlobHash, type ModelHash, type SiteId, type StudyId } from '@fedistl/core';
import { type Envelope } from '@fedistl/crypto';
import { type Judgement } from '@fedistl/protocol';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Study } from './study.entity';

export type EvaluationDecision = 'promoted' | 'rejected';

/** One reason against a candidate: those of the acceptance rule, or that a rollback overtook it. */
export interface DecisionReason {
  readonly code: string;
  readonly siteId: SiteId | null;
  readonly message: string;
}

/** The signed request to measure a generation's candidate, and what came of it. */
@Entity('evaluation_order')
@Index('ix_evaluation_order_open', ['deadlineAt'], { where: `"decision" IS NULL` })
@Check('ck_evaluation_order_decision', `"decision" IN ('promoted', 'rejected')`)
@Check('ck_evaluation_order_decided', `("decision" IS NULL) = ("decided_at" IS NULL)`)
export class EvaluationOrder {
  @ForeignKey(() => Study, { name: 'fk_evaluation_order_study' })
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_evaluation_order' })
  studyId!: StudyId;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_evaluation_order' })
  generation!: number;

  @Column({ type: 'text' })
  candidateHash!: ModelHash;

  @Column({ type: 'text', nullable: true })
  referenceHash!: ModelHash | null;

  @Column({ type: 'integer' })
  modelIndex!: number;

  /** Sites that are asked, ascending. */
  @Column({ type: 'text', array: true })
  sites!: SiteId[];

  @Column({ type: 'jsonb' })
  envelope!: Envelope;

  @Column({ type: 'text' })
  envelopeHash!: BlobHash;

  @Column({ type: 'timestamptz' })
  issuedAt!: Date;

  @Column({ type: 'timestamptz' })
  deadlineAt!: Date;

  @Column({ type: 'text', nullable: true })
  decision!: EvaluationDecision | null;

  /** Every reason against the candidate; empty when it was promoted by the rule. */
  @Column({ type: 'jsonb', nullable: true })
  reasons!: DecisionReason[] | null;

  /** What the acceptance rule saw; null while pending, and where people decided. */
  @Column({ type: 'jsonb', nullable: true })
  judgement!: Judgement | null;

  @Column({ type: 'timestamptz', nullable: true })
  decidedAt!: Date | null;
}
