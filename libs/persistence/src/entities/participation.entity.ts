import { type SiteId, type StudyId } from '@fedistl/core';
import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { Site } from './site.entity';
import { Study } from './study.entity';

/** A site in a study, with the counts that it gave; nothing else of its data is known here. */
@Entity('participation')
export class Participation {
  @ForeignKey(() => Study, { name: 'fk_participation_study' })
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_participation' })
  studyId!: StudyId;

  @ForeignKey(() => Site, { name: 'fk_participation_site' })
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'pk_participation' })
  siteId!: SiteId;

  @Column({ type: 'integer' })
  labelled!: number;

  /** Images without a label in each fold, from fold 1. */
  @Column({ type: 'integer', array: true })
  unlabelledByFold!: number[];

  @Column({ type: 'integer' })
  holdOut!: number;

  @Column({ type: 'timestamptz' })
  joinedAt!: Date;

  @Column({ type: 'timestamptz' })
  updatedAt!: Date;
}
