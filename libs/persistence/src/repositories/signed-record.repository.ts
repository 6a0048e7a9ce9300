import { type BlobHash, type StudyId } from '@fedistl/core';
import { type EntityManager } from 'typeorm';
import { SignedRecord } from '../entities/signed-record.entity';
import { insertRowOnce, type Row } from './row';

/** Signed statements that are kept as evidence. */
export class SignedRecordRepository {
  constructor(private readonly manager: EntityManager) {}

  async add(record: Row<SignedRecord>): Promise<void> {
    await insertRowOnce(this.manager, SignedRecord, record);
  }

  find(envelopeHash: BlobHash): Promise<SignedRecord | null> {
    return this.manager.findOneBy(SignedRecord, { envelopeHash });
  }

  ofStudy(studyId: StudyId): Promise<SignedRecord[]> {
    return this.manager.find(SignedRecord, { where: { studyId }, order: { createdAt: 'ASC' } });
  }
}
