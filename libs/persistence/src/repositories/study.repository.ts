import { type SiteId, type StudyId } from '@fedistl/core';
import { type EntityManager, In } from 'typeorm';
import { Participation } from '../entities/participation.entity';
import { Study, type StudyState } from '../entities/study.entity';
import { insertRow, insertRowOnce, type Row } from './row';

/** Studies and who takes part. */
export class StudyRepository {
  constructor(private readonly manager: EntityManager) {}

  find(studyId: StudyId): Promise<Study | null> {
    return this.manager.findOneBy(Study, { studyId });
  }

  /** The study's row, locked until the transaction ends. Lock the study before its round. */
  findForUpdate(studyId: StudyId): Promise<Study | null> {
    return this.manager.findOne(Study, { where: { studyId }, lock: { mode: 'pessimistic_write' } });
  }

  list(states?: readonly StudyState[]): Promise<Study[]> {
    return this.manager.find(Study, {
      ...(states === undefined ? {} : { where: { state: In([...states]) } }),
      order: { createdAt: 'ASC', studyId: 'ASC' },
    });
  }

  async insert(study: Row<Study>): Promise<void> {
    await insertRow(this.manager, Study, study);
  }

  async save(study: Row<Study>): Promise<void> {
    await this.manager.save(Study, study);
  }

  /** Ascending by site. */
  participations(studyId: StudyId): Promise<Participation[]> {
    return this.manager.find(Participation, { where: { studyId }, order: { siteId: 'ASC' } });
  }

  participation(studyId: StudyId, siteId: SiteId): Promise<Participation | null> {
    return this.manager.findOneBy(Participation, { studyId, siteId });
  }

  /** Adds a site to a study, or takes its new counts; when it joined stays. */
  async saveParticipation(participation: Row<Participation>): Promise<void> {
    const { studyId, siteId, labelled, unlabelledByFold, holdOut, updatedAt } = participation;
    await insertRowOnce(this.manager, Participation, participation);
    const counts = { labelled, unlabelledByFold, holdOut, updatedAt };
    await this.manager.update(Participation, { studyId, siteId }, counts);
  }
}
