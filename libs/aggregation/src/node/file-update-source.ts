import { type FileHandle, open } from 'node:fs/promises';
import { type SiteId } from '@fedistl/core';
import { UpdateError } from '../aggregation.errors';
import { type UpdateSource } from '../update/update-source';

/** A source over a file, and the way to close it. */
export interface FileUpdateSource extends UpdateSource {
  close(): Promise<void>;
}

/** @throws UpdateError `UPDATE.UNREADABLE` when the file cannot be opened */
export async function openFileUpdateSource(siteId: SiteId, path: string): Promise<FileUpdateSource> {
  const handle = await openOrRefuse(siteId, path);
  const { size } = await handle.stat();
  return {
    siteId,
    byteLength: size,
    async read(offset, length) {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, offset);
      return buffer.subarray(0, bytesRead);
    },
    close: () => handle.close(),
  };
}

async function openOrRefuse(siteId: SiteId, path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw new UpdateError('UPDATE.UNREADABLE', `expected a readable update of ${siteId}, got ${String(cause)}`, {
      cause,
    });
  }
}
