import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type BlobHash, parseBlobHash } from '@fedistl/core';
import { toFileError } from '@fedistl/core/node';

/** SHA-256 of a file's bytes. @throws FileError */
export async function fileHash(file: string): Promise<BlobHash> {
  const hash = createHash('sha256');
  try {
    await pipeline(createReadStream(file), hash);
  } catch (cause) {
    throw toFileError(cause, 'read', file);
  }
  return parseBlobHash(hash.digest('hex'));
}
