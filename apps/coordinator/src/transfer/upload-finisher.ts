import { faultPoint } from '@fedistl/core/node';
import { BlobStore, Database, PersistenceError } from '@fedistl/persistence';
import { parseSiteId } from '@fedistl/core';
import { parseWith, uploadMetadataSchema } from '@fedistl/protocol';
import { Injectable, Logger } from '@nestjs/common';
import { Metrics } from '../health/metrics';
import { ownerMetadata, siteOfOwner } from './upload-owner';
import { TransferError } from './transfer.errors';
import { type UploadRecord, UploadStore } from './upload-store';

/**
 * Makes a blob of an upload whose last byte came: checks its hash, moves the file into the blob store, writes the row. Each
 * step may be repeated, so a coordinator that is killed between two of them goes on at the next start, or when it is asked.
 */
@Injectable()
export class UploadFinisher {
  private readonly logger = new Logger(UploadFinisher.name);
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly store: UploadStore,
    private readonly blobs: BlobStore,
    private readonly database: Database,
    private readonly metrics: Metrics,
  ) {}

  /** @throws TransferError `UPLOAD.HASH_MISMATCH`: the upload is gone then */
  async finish(id: string): Promise<void> {
    const before = this.running.get(id);
    if (before !== undefined) return before;
    const work = this.run(id).finally(() => this.running.delete(id));
    this.running.set(id, work);
    return work;
  }

  /** Finishes what is complete and was left by an earlier process. */
  async settle(record: UploadRecord): Promise<void> {
    if (record.finished) return;
    const received = await this.store.received(record.id);
    // Without its file it was moved to the blobs, and only the row or the mark is missing.
    if (received === undefined || received === record.size) await this.finish(record.id);
  }

  private async run(id: string): Promise<void> {
    const record = await this.store.record(id);
    if (record === undefined || record.finished) return;
    const { [ownerMetadata]: owner, ...rest } = record.metadata;
    const { sha256, purpose, studyId } = parseWith(uploadMetadataSchema, rest, 'upload metadata');
    faultPoint('upload.received');
    if (!(await this.blobs.has(sha256))) await this.move(record, sha256);
    faultPoint('upload.stored');
    const siteId = siteOfOwner(owner);
    await this.database.repositories.blobs.add({
      blobHash: sha256,
      byteLength: record.size,
      purpose,
      studyId: studyId ?? null,
      siteId: siteId === undefined ? null : parseSiteId(siteId),
      createdAt: new Date(),
    });
    // A clean-up may have deleted the same bytes after we found them, and before the row kept them.
    if (!(await this.blobs.has(sha256))) await this.move(record, sha256);
    faultPoint('upload.recorded');
    await this.store.finish(id);
    this.metrics.uploadedBytes.inc({ purpose }, record.size);
  }

  private async move({ id, size }: UploadRecord, sha256: Parameters<BlobStore['putFile']>[1]): Promise<void> {
    if ((await this.store.received(id)) === undefined) {
      await this.store.remove(id);
      throw new TransferError('UPLOAD.NOT_FOUND', `expected the bytes of upload ${id}, got none: send them again`);
    }
    try {
      await this.blobs.putFile(this.store.pathOf(id), sha256);
    } catch (error) {
      if (!(error instanceof PersistenceError && error.code === 'BLOB.HASH_MISMATCH')) throw error;
      await this.store.remove(id);
      this.metrics.refusedUploads.inc({ code: 'UPLOAD.HASH_MISMATCH' });
      this.logger.warn(`upload ${id} of ${size} bytes has another hash than announced`);
      throw new TransferError(
        'UPLOAD.HASH_MISMATCH',
        `expected ${size} bytes with SHA-256 ${sha256}, got others: nothing was kept`,
        { cause: error },
      );
    }
  }
}
