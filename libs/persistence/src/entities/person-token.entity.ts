import { Check, Column, Entity, PrimaryColumn, Unique } from 'typeorm';

export type PersonRole = 'administrator' | 'study-lead' | 'reviewer' | 'viewer';

/** A person's API token, by its hash. */
@Entity('person_token')
@Unique('uq_person_token_hash', ['tokenHash'])
@Check('ck_person_token_role', `"role" IN ('administrator', 'study-lead', 'reviewer', 'viewer')`)
export class PersonToken {
  @PrimaryColumn({ type: 'uuid', primaryKeyConstraintName: 'pk_person_token' })
  id!: string;

  /** SHA-256 of the token. */
  @Column({ type: 'text' })
  tokenHash!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text' })
  role!: PersonRole;

  @Column({ type: 'text' })
  createdBy!: string;

  @Column({ type: 'timestamptz' })
  createdAt!: Date;

  @Column({ type: 'timestamptz' })
  expiresAt!: Date;

  @Column({ type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  lastUsedAt!: Date | null;
}
