import { type BlobHash } from '@fedistl/core';
import { type Blob, Database } from '@fedistl/persistence';
import { Injectable } from '@nestjs/common';
import { type Principal } from '../access/principal';
import { TransferError } from './transfer.errors';

/**
 * Who may fetch a blob. A person: models and centres. A site: models and centres of the studies that it joined. Updates and
 * the optimiser's moments leave the coordinator for nobody.
 */
@Injectable()
export class BlobAccess {
  constructor(private readonly database: Database) {}

  /** @throws TransferError `BLOB.NOT_FOUND`, also for a blob that is not the caller's: its existence is nobody's business */
  async find(hash: BlobHash, principal: Principal): Promise<Blob> {
    const blob = await this.database.repositories.blobs.find(hash);
    if (blob !== null && (await this.allows(blob, principal))) return blob;
    throw new TransferError('BLOB.NOT_FOUND', `expected a blob that may be fetched, got ${hash}`);
  }

  private async allows({ blobHash, purpose }: Blob, principal: Principal): Promise<boolean> {
    if (purpose !== 'model' && purpose !== 'centre') return false;
    if (principal.kind === 'person') return true;
    if (principal.state !== 'approved') return false;
    // The same bytes may belong to several studies, the blob's row names the first.
    const rows: unknown[] = await this.database.source.query(
      `SELECT 1 FROM "participation" AS "p" JOIN "study" AS "s" ON "s"."study_id" = "p"."study_id"
       WHERE "p"."site_id" = $1 AND (
         $2 IN ("s"."initial_model_hash", "s"."student_hash", "s"."teacher_hash", "s"."average_hash", "s"."centre_hash")
         OR EXISTS (SELECT 1 FROM "model" AS "m" WHERE "m"."study_id" = "s"."study_id" AND "m"."model_hash" = $2)
         OR EXISTS (SELECT 1 FROM "blob" AS "b" WHERE "b"."study_id" = "s"."study_id" AND "b"."blob_hash" = $2)
         OR EXISTS (SELECT 1 FROM "round" AS "r" WHERE "r"."study_id" = "s"."study_id" AND "r"."centre_hash" = $2)
       ) LIMIT 1`,
      [principal.siteId, blobHash],
    );
    return rows.length > 0;
  }
}
