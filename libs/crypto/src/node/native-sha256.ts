import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { HashError } from '../crypto.errors';
import { type ContentAddress, hashStream } from '../hash/content-hash';
import { type StreamingHash } from '../hash/sha256';

/** Bytes read at a time: large enough that reading, not the calls, sets the pace; small against a model. */
const chunkBytes = 1 << 20;

/** A new SHA-256 by node:crypto (OpenSSL, with the processor's SHA instructions where it has them). */
export function createNativeSha256(): StreamingHash {
  const state = createHash('sha256');
  const hash: StreamingHash = {
    update(chunk) {
      state.update(chunk);
      return hash;
    },
    digest: () => new Uint8Array(state.digest()),
  };
  return hash;
}

/**
 * Address of a file's content, read in chunks of 1 MiB.
 *
 * @throws HashError `HASH.UNREADABLE` when the file cannot be read
 */
export async function hashFile(path: string): Promise<ContentAddress> {
  try {
    return await hashStream(createReadStream(path, { highWaterMark: chunkBytes }), createNativeSha256);
  } catch (cause) {
    throw new HashError('HASH.UNREADABLE', `expected a readable file, got ${String(cause)}`, { cause });
  }
}
