import { type SiteId, type StudyId } from '@fedistl/core';
import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { EvaluationOrder } from './evaluation-order.entity';

/** A site's word that it will measure no candidate of a generation, and why. */
@Entity('evaluation_withdrawal')
@ForeignKey(() => EvaluationOrder, ['studyId', 'generation'], ['studyId', 'generation'], {
  name: 'fk_evaluation_withdrawal_order',
})
export class EvaluationWithdrawal {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_evaluation_withdrawal' })
  studyId!: StudyId;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_evaluation_withdrawal' })
  generation!: number;

  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_evaluation_withdrawal' })
  siteId!: SiteId;

  @Column({ type: 'text' })
  code!: string;

  @Column({ type: 'text' })
  message!: string;

  @Column({ type: 'timestamptz' })
  at!: Date;
}
