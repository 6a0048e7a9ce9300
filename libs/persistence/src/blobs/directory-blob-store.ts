import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable } from 'node:stream';
import { type BlobHash, parseBlobHash } from '@fedistl/core';
import { hashFile } from '@fedistl/crypto/node';
import { PersistenceError } from '../persistence.errors';
import { type BlobRange, BlobStore, type ListedBlob, type StoredBlob } from './blob-store';

/**
 * Blobs as files of one directory: `ab/cd/abcd...`, two levels of 256 folders. What is being written lies in `incoming`, is
 * synced, and gets its name by a rename; so a name stands for the whole content, after a power cut too.
 */
export class DirectoryBlobStore extends BlobStore {
  private constructor(private readonly directory: string) {
    super();
  }

  /** Makes the directory when it is missing and removes what an earlier process left half written. */
  static async open(directory: string): Promise<DirectoryBlobStore> {
    const incoming = join(directory, 'incoming');
    await mkdir(incoming, { recursive: true, mode: 0o700 });
    const dayAgo = Date.now() - 86_400_000;
    for (const name of await readdir(incoming)) {
      // Another coordinator on the same directory may be writing: only what nobody has touched for a day is litter.
      const { mtimeMs } = await stat(join(incoming, name)).catch(() => ({ mtimeMs: Infinity }));
      if (mtimeMs < dayAgo) await rm(join(incoming, name), { recursive: true, force: true });
    }
    return new DirectoryBlobStore(directory);
  }

  override async size(hash: BlobHash): Promise<number | undefined> {
    try {
      return (await stat(this.#pathOf(hash))).size;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  override async localPath(hash: BlobHash): Promise<string> {
    await this.#requireSize(hash);
    return this.#pathOf(hash);
  }

  override async read(hash: BlobHash, range?: BlobRange): Promise<Readable> {
    const size = await this.#requireSize(hash);
    if (range !== undefined && !(range.start >= 0 && range.start <= range.end && range.end < size)) {
      const message = `expected a range within ${size} bytes, got ${range.start} to ${range.end}`;
      throw new PersistenceError('BLOB.BAD_RANGE', message, { details: { size } });
    }
    return createReadStream(this.#pathOf(hash), { highWaterMark: 1 << 18, ...range });
  }

  override async putFile(path: string, expected: BlobHash): Promise<StoredBlob> {
    const { byteLength, digest } = await digestOf(path);
    requireHash(expected, digest);
    const blob = { hash: expected, byteLength };
    if (await this.has(expected)) {
      await rm(path, { force: true });
      const now = new Date();
      await utimes(this.#pathOf(expected), now, now);
      return blob;
    }
    const file = await open(path, 'r');
    await file.sync().finally(() => file.close());
    try {
      await this.#name(path, expected);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
      await this.#copyIn(path, expected);
      await rm(path, { force: true });
    }
    return blob;
  }

  override async putStream(chunks: AsyncIterable<Uint8Array>, expected?: BlobHash): Promise<StoredBlob> {
    const temporary = this.#incoming();
    const hash = createHash('sha256');
    let byteLength = 0;
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        for await (const chunk of chunks) {
          hash.update(chunk);
          byteLength += chunk.length;
          await file.writeFile(chunk);
        }
        await file.sync();
      } finally {
        await file.close();
      }
      const digest = hash.digest('hex');
      if (expected !== undefined) requireHash(expected, digest);
      await this.#name(temporary, parseBlobHash(digest));
      return { hash: parseBlobHash(digest), byteLength };
    } finally {
      await rm(temporary, { force: true });
    }
  }

  override async workspace(): Promise<string> {
    const folder = this.#incoming();
    await mkdir(folder, { mode: 0o700 });
    return folder;
  }

  override async *list(): AsyncGenerator<ListedBlob> {
    for (const first of await foldersOf(this.directory)) {
      for (const second of await foldersOf(join(this.directory, first))) {
        for (const name of await readdir(join(this.directory, first, second))) {
          if (!/^[0-9a-f]{64}$/.test(name)) continue;
          const hash = parseBlobHash(name);
          const found = await stat(this.#pathOf(hash)).catch(() => null);
          if (found !== null) yield { hash, byteLength: found.size, storedAt: found.mtime };
        }
      }
    }
  }

  override async delete(hash: BlobHash): Promise<boolean> {
    const there = await this.has(hash);
    await rm(this.#pathOf(hash), { force: true });
    return there;
  }

  #pathOf(hash: BlobHash): string {
    return join(this.directory, hash.slice(0, 2), hash.slice(2, 4), hash);
  }

  #incoming(): string {
    return join(this.directory, 'incoming', randomUUID());
  }

  async #requireSize(hash: BlobHash): Promise<number> {
    const size = await this.size(hash);
    if (size !== undefined) return size;
    throw new PersistenceError('BLOB.NOT_FOUND', `expected blob ${hash} in the store, got none`);
  }

  /** Gives a synced file its name, and makes the name itself durable. */
  async #name(path: string, hash: BlobHash): Promise<void> {
    const target = this.#pathOf(hash);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    await rename(path, target);
    for (const folder of [dirname(target), dirname(dirname(target)), this.directory]) await syncFolder(folder);
  }

  async #copyIn(path: string, hash: BlobHash): Promise<void> {
    const temporary = this.#incoming();
    try {
      await copyFile(path, temporary);
      const file = await open(temporary, 'r+');
      await file.sync().finally(() => file.close());
      await this.#name(temporary, hash);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}

/** The folders of two hexadecimal digits. */
async function foldersOf(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => /^[0-9a-f]{2}$/.test(name));
}

async function digestOf(path: string): Promise<{ byteLength: number; digest: string }> {
  const { sha256, size } = await hashFile(path);
  return { byteLength: size, digest: sha256 };
}

function requireHash(expected: BlobHash, got: string): void {
  if (expected === got) return;
  throw new PersistenceError('BLOB.HASH_MISMATCH', `expected content of SHA-256 ${expected}, got ${got}`);
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // Windows cannot open a folder, and needs no such step.
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}
