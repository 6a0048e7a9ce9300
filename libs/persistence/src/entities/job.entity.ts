import { Check, Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';

export type JobState = 'pending' | 'done' | 'failed';

/** Work that a transaction left behind. Written with what causes it, repeated until it is done. */
@Entity('job')
@Unique('uq_job_key', ['key'])
@Index('ix_job_due', ['runAfter'], { where: `"state" = 'pending'` })
@Check('ck_job_state', `"state" IN ('pending', 'done', 'failed')`)
export class Job {
  @PrimaryGeneratedColumn('identity', { type: 'integer', primaryKeyConstraintName: 'pk_job' })
  id!: number;

  @Column({ type: 'text' })
  type!: string;

  /** Says which piece of work this is; the same work is written once. */
  @Column({ type: 'text' })
  key!: string;

  @Column({ type: 'jsonb' })
  payload!: unknown;

  @Column({ type: 'text' })
  state!: JobState;

  @Column({ type: 'timestamptz' })
  runAfter!: Date;

  @Column({ type: 'text', nullable: true })
  leaseOwner!: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  leaseUntil!: Date | null;

  /** Leases taken so far. */
  @Column({ type: 'integer' })
  attempts!: number;

  @Column({ type: 'text', nullable: true })
  lastError!: string | null;

  @Column({ type: 'timestamptz' })
  createdAt!: Date;

  @Column({ type: 'timestamptz', nullable: true })
  finishedAt!: Date | null;
}
