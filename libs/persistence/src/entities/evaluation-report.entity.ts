import { type BlobHash, type ModelHash, type SiteId, type StudyId } from '@fedistl/core';
import { type Envelope } from '@fedistl/crypto';
import { type EvaluationReport } from '@fedistl/protocol';
import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { EvaluationOrder } from './evaluation-order.entity';

/** A site's signed measurement of a candidate. */
@Entity('evaluation_report')
@ForeignKey(() => EvaluationOrder, ['studyId', 'generation'], ['studyId', 'generation'], {
  name: 'fk_evaluation_report_order',
})
@Unique('uq_evaluation_report_nonce', ['siteId', 'nonce'])
export class StoredEvaluationReport {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_evaluation_report' })
  studyId!: StudyId;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_evaluation_report' })
  generation!: number;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_evaluation_report' })
  siteId!: SiteId;

  @Column({ type: 'text' })
  candidateHash!: ModelHash;

  @Column({ type: 'jsonb' })
  report!: EvaluationReport;

  @Column({ type: 'jsonb' })
  envelope!: Envelope;

  @Column({ type: 'text' })
  envelopeHash!: BlobHash;

  @Column({ type: 'text' })
  nonce!: string;

  @Column({ type: 'timestamptz' })
  receivedAt!: Date;
}
