import { type BlobHash, type StudyId } from '@fedistl/core';
import { type EntityManager } from 'typeorm';
import { Blob } from '../entities/blob.entity';
import { insertRowOnce, type Row } from './row';

/** Which blobs the store holds, and what for. */
export class BlobRepository {
  constructor(private readonly manager: EntityManager) {}

  find(blobHash: BlobHash): Promise<Blob | null> {
    return this.manager.findOneBy(Blob, { blobHash });
  }

  ofStudy(studyId: StudyId): Promise<Blob[]> {
    return this.manager.find(Blob, { where: { studyId }, order: { createdAt: 'ASC', blobHash: 'ASC' } });
  }

  /** Notes a blob; the first note of the same bytes stays. */
  async add(blob: Row<Blob>): Promise<void> {
    await insertRowOnce(this.manager, Blob, blob);
  }

  /** Gives an uploaded model to the study that it starts. */
  async assign(blobHash: BlobHash, studyId: StudyId): Promise<void> {
    await this.manager.update(Blob, { blobHash }, { studyId });
  }
}
