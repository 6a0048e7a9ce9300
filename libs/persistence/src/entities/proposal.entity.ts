import { type StudyId } from '@fedistl/core';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

export type ProposalAction = 'promote' | 'rollback' | 'revoke-site';
export type ProposalState = 'open' | 'approved' | 'refused';

/** Something that two people must want. */
@Entity('proposal')
@Index('ix_proposal_state', ['state', 'proposedAt'])
@Check('ck_proposal_action', `"action" IN ('promote', 'rollback', 'revoke-site')`)
@Check('ck_proposal_state', `"state" IN ('open', 'approved', 'refused')`)
@Check('ck_proposal_four_eyes', `"decided_by" IS NULL OR "decided_by" <> "proposed_by"`)
@Check('ck_proposal_decided', `("state" = 'open') = ("decided_by" IS NULL)`)
export class Proposal {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_proposal' })
  id!: string;

  @Column({ type: 'text' })
  action!: ProposalAction;

  /** What the action is about: a model hash, a site name, ... */
  @Column({ type: 'jsonb' })
  subject!: unknown;

  @Column({ type: 'text', nullable: true })
  studyId!: StudyId | null;

  @Column({ type: 'text' })
  reason!: string;

  @Column({ type: 'text' })
  state!: ProposalState;

  @Column({ type: 'text' })
  proposedBy!: string;

  @Column({ type: 'timestamptz' })
  proposedAt!: Date;

  @Column({ type: 'text', nullable: true })
  decidedBy!: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  decidedAt!: Date | null;

  @Column({ type: 'text', nullable: true })
  decisionReason!: string | null;
}
