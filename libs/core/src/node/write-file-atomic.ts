import { randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { toFileError } from './file.errors';

/**
 * Writes `chunks` one after another so that `path` holds either what it held before or all of them, whatever happens:
 * to a temporary file beside it, synced, renamed over it, and the directory synced. On failure the temporary file is
 * removed.
 *
 * @throws FileError `FILE.DISK_FULL`, `FILE.NOT_PERMITTED`, `FILE.NOT_FOUND` (no such directory), `FILE.IS_DIRECTORY`,
 *   `FILE.WRITE_FAILED`; and whatever iterating `chunks` throws.
 */
export async function writeFileAtomic(
  path: string,
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx');
    try {
      for await (const chunk of chunks) await writeAll(file, chunk);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
    await syncDirectory(dirname(path));
  } catch (cause) {
    await rm(temporary, { force: true });
    throw toFileError(cause, 'write', path);
  }
}

/** One call of write(2) moves at most about 2 GiB, and may move less than it was given. */
async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) {
    const { bytesWritten } = await file.write(chunk, at, Math.min(chunk.length - at, 2 ** 30));
    at += bytesWritten;
  }
}

/** Makes the rename itself durable. Windows cannot open a directory and needs no such step. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
