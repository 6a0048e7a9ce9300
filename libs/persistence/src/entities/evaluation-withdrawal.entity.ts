import { type SiteId, type StudyId } from '@fedistl/core';
import { Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { EvaluationOrder } from './evaluation-order.entity';
import { GivenReason } from './given-reason';

/** A site's word that it will measure no candidate of a generation, and why. */
@Entity('evaluation_withdrawal')
@ForeignKey(() => EvaluationOrder, ['studyId', 'generation'], ['studyId', 'generation'], {
  name: 'fk_evaluation_withdrawal_order',
})
export class EvaluationWithdrawal extends GivenReason {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_evaluation_withdrawal' })
  studyId!: StudyId;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_evaluation_withdrawal' })
  generation!: number;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_evaluation_withdrawal' })
  siteId!: SiteId;
}
