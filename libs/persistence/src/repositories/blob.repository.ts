import { type BlobHash, type StudyId } from '@fedistl/core';
import { type EntityManager } from 'typeorm';
import { Blob, type BlobPurpose } from '../entities/blob.entity';
import { neededBlob } from './needed-blob';
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

  /** Gives an uploaded model to the study that it starts. @returns false when it is gone */
  async assign(blobHash: BlobHash, studyId: StudyId): Promise<boolean> {
    const { affected } = await this.manager.update(Blob, { blobHash }, { studyId });
    return affected === 1;
  }

  /** Blobs that nothing has needed since before this time (`neededBlob` says what needs one), the oldest first. */
  async unneeded(before: Date): Promise<Pick<Blob, 'blobHash' | 'byteLength' | 'purpose'>[]> {
    const rows: { hash: BlobHash; length: string; purpose: BlobPurpose }[] = await this.manager.query(
      `SELECT "b"."blob_hash" AS "hash", "b"."byte_length" AS "length", "b"."purpose" FROM "blob" AS "b"
       WHERE "b"."created_at" < $1 AND NOT (${neededBlob}) ORDER BY "b"."created_at", "b"."blob_hash"`,
      [before],
    );
    return rows.map(({ hash, length, purpose }) => ({ blobHash: hash, byteLength: Number(length), purpose }));
  }

  /**
   * Takes a blob off the list, if nothing needs it still. The row stays locked until the transaction ends: whoever stores the
   * same bytes meanwhile waits, and sees then whether the file is there.
   *
   * @returns whether it was taken off
   */
  async removeUnneeded(blobHash: BlobHash, before: Date): Promise<boolean> {
    const [, count]: [unknown, number] = await this.manager.query(
      `DELETE FROM "blob" AS "b" WHERE "b"."blob_hash" = $2 AND "b"."created_at" < $1 AND NOT (${neededBlob})`,
      [before, blobHash],
    );
    return count === 1;
  }

  /** Notes a blob that is about to be deleted, unless it is known. @returns false when it is known */
  async claim(blobHash: BlobHash, byteLength: number, at: Date): Promise<boolean> {
    const inserted: unknown[] = await this.manager.query(
      `INSERT INTO "blob" ("blob_hash", "byte_length", "purpose", "created_at") VALUES ($1, $2, 'update', $3)
       ON CONFLICT DO NOTHING RETURNING "blob_hash"`,
      [blobHash, byteLength, at],
    );
    return inserted.length === 1;
  }

  /** Takes a claimed blob off the list. */
  async release(blobHash: BlobHash): Promise<void> {
    await this.manager.delete(Blob, { blobHash });
  }
}
