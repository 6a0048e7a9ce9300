import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable } from 'node:stream';
import { parseBlobHash } from '@fedistl/core';
import { DirectoryBlobStore } from './directory-blob-store';

const bytes = Buffer.from('0123456789'.repeat(100));
const hash = parseBlobHash(createHash('sha256').update(bytes).digest('hex'));
const other = parseBlobHash('a'.repeat(64));
const refused = (code: string): Error => expect.objectContaining({ code }) as Error;

async function* chunks(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(part);
}
async function all(stream: Readable): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

describe('the blob store in a directory', () => {
  let directory: string;
  let store: DirectoryBlobStore;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'fedistl-blobs-'));
    store = await DirectoryBlobStore.open(join(directory, 'blobs'));
  });
  afterEach(() => rm(directory, { recursive: true }));
  const left = () => readdir(join(directory, 'blobs', 'incoming'));

  it('takes a stream and gives it back, whole and in ranges', async () => {
    expect(await store.has(hash)).toBe(false);
    const put = await store.putStream(chunks(bytes.subarray(0, 7), bytes.subarray(7)), hash);
    expect(put).toEqual({ hash, byteLength: 1000 });
    expect(await store.size(hash)).toBe(1000);
    expect(await all(await store.read(hash))).toEqual(bytes);
    expect((await all(await store.read(hash, { start: 995, end: 999 }))).toString()).toBe('56789');
    await expect(store.read(hash, { start: 5, end: 1000 })).rejects.toThrow(refused('BLOB.BAD_RANGE'));
    await expect(store.read(other)).rejects.toThrow(refused('BLOB.NOT_FOUND'));
    await expect(store.localPath(other)).rejects.toThrow(refused('BLOB.NOT_FOUND'));
    expect(await left()).toEqual([]);
  });

  it('takes a file, twice, and it is gone afterwards', async () => {
    for (let i = 0; i < 2; i++) {
      const path = join(await store.workspace(), 'made');
      await writeFile(path, bytes);
      expect(await store.putFile(path, hash)).toEqual({ hash, byteLength: 1000 });
      await expect(readdir(path)).rejects.toMatchObject({ code: 'ENOENT' });
    }
    expect(await all(await store.read(hash))).toEqual(bytes);
  });

  it('lists what it holds with the time when it was put last, and nothing that is being written', async () => {
    await store.putStream(chunks(bytes));
    await writeFile(join(await store.workspace(), hash), bytes);
    const listed = async () => {
      const found = [];
      for await (const blob of store.list()) found.push(blob);
      return found;
    };
    const long = new Date('2020-01-01T00:00:00Z');
    await utimes(await store.localPath(hash), long, long);
    expect(await listed()).toEqual([{ hash, byteLength: 1000, storedAt: long }]);
    // Whoever puts the same bytes again needs them.
    const path = join(await store.workspace(), 'again');
    await writeFile(path, bytes);
    await store.putFile(path, hash);
    expect((await listed())[0]?.storedAt.getTime()).toBeGreaterThan(long.getTime());
  });

  it('refuses other bytes than announced and keeps nothing of them', async () => {
    await expect(store.putStream(chunks(bytes), other)).rejects.toThrow(refused('BLOB.HASH_MISMATCH'));
    const path = join(directory, 'upload');
    await writeFile(path, bytes);
    await expect(store.putFile(path, other)).rejects.toThrow(refused('BLOB.HASH_MISMATCH'));
    expect(await store.has(other)).toBe(false);
    expect(await store.has(hash)).toBe(false);
    expect(await left()).toEqual([]);
  });

  it('keeps nothing of a stream that breaks off', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(bytes);
      throw new Error('connection lost');
    }
    await expect(store.putStream(broken())).rejects.toThrow('connection lost');
    expect(await store.has(hash)).toBe(false);
    expect(await left()).toEqual([]);
  });

  it('deletes, and clears what nobody has written to for a day', async () => {
    await store.putStream(chunks(bytes));
    expect(await store.delete(hash)).toBe(true);
    expect(await store.delete(hash)).toBe(false);
    const [old, recent] = [join(directory, 'blobs', 'incoming', 'old'), join(directory, 'blobs', 'incoming', 'recent')];
    for (const path of [old, recent]) await writeFile(path, 'half');
    await utimes(old, 0, 0);
    await DirectoryBlobStore.open(join(directory, 'blobs'));
    expect(await left()).toEqual(['recent']);
  });
});
