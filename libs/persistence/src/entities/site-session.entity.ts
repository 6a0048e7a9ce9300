import { type SiteId } from '@fedistl/core';
import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Site } from './site.entity';

/** A site's bearer token, by its hash. Whether the site is still approved is looked up at each request. */
@Entity('site_session')
@Index('ix_site_session_expiry', ['expiresAt'])
export class SiteSession {
  /** SHA-256 of the token. */
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_site_session' })
  tokenHash!: string;

  @ForeignKey(() => Site, { name: 'fk_site_session_site', onDelete: 'CASCADE' })
  @Column({ type: 'text' })
  siteId!: SiteId;

  @Column({ type: 'timestamptz' })
  createdAt!: Date;

  @Column({ type: 'timestamptz' })
  expiresAt!: Date;
}
