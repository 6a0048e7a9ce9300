import { type SiteId } from '@fedistl/core';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A login challenge, used at most once. Also given to unknown site names, so that asking reveals nothing. */
@Entity('site_challenge')
@Index('ix_site_challenge_expiry', ['expiresAt'])
export class SiteChallenge {
  /** SHA-256 of the challenge. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_site_challenge' })
  challengeHash!: string;

  @Column({ type: 'text' })
  siteId!: SiteId;

  @Column({ type: 'timestamptz' })
  expiresAt!: Date;

  @Column({ type: 'timestamptz', nullable: true })
  usedAt!: Date | null;
}
