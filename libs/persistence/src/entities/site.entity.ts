import { type SiteId } from '@fedistl/core';
import { type Envelope, type PublicIdentityJson } from '@fedistl/crypto';
import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** `pending` until an administrator compared fingerprints; `revoked` for good. */
export type SiteState = 'pending' | 'approved' | 'revoked';

/** A hospital that enrolled with a one-time code. */
@Entity('site')
@Check('ck_site_state', `"state" IN ('pending', 'approved', 'revoked')`)
export class Site {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_site' })
  siteId!: SiteId;

  @Column({ type: 'text' })
  displayName!: string;

  @Column({ type: 'jsonb' })
  identity!: PublicIdentityJson;

  /** As people read it aloud (`fingerprintOf`). */
  @Column({ type: 'text' })
  fingerprint!: string;

  @Column({ type: 'jsonb' })
  enrolmentEnvelope!: Envelope;

  @Column({ type: 'text' })
  state!: SiteState;

  @Column({ type: 'timestamptz' })
  enrolledAt!: Date;

  @Column({ type: 'timestamptz', nullable: true })
  approvedAt!: Date | null;

  @Column({ type: 'text', nullable: true })
  approvedBy!: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  revokedAt!: Date | null;

  @Column({ type: 'text', nullable: true })
  revokeReason!: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  lastSeenAt!: Date | null;

  /** What the node says that it can do (engine, GPU, version); shown to people. */
  @Column({ type: 'jsonb', nullable: true })
  capabilities!: unknown;

  /** What the node says that it does now; shown to people. */
  @Column({ type: 'jsonb', nullable: true })
  activity!: unknown;
}
