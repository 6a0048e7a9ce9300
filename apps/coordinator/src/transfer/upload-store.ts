import { access, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { type Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';
import { Upload } from '@tus/server';

/** An upload as it lies in the directory. */
export interface UploadRecord {
  readonly id: string;
  readonly size: number;
  readonly metadata: Readonly<Record<string, string | null>>;
  readonly createdAt: Date;
  /** Its bytes became a blob. */
  readonly finished: boolean;
}

const idPattern = /^[0-9a-f]{32}$/;

/**
 * Uploads in a directory: `ID` holds the bytes so far, `ID.json` what they will be, `ID.done` says that they became a blob.
 * The offset is the file's length, so nothing has to be written when a process is killed. A finished upload is remembered
 * until it expires: whoever lost the answer asks where it stands and is told that all is there.
 */
export class UploadStore extends FileStore {
  constructor(directory: string, expiryMs: number) {
    super({ directory, expirationPeriodInMilliseconds: expiryMs });
    // A size must be known before the first byte, or no limit could be checked.
    this.extensions = ['creation', 'creation-with-upload', 'termination', 'expiration'];
  }

  pathOf(id: string, suffix = ''): string {
    return join(this.directory, `${id}${suffix}`);
  }

  async record(id: string): Promise<UploadRecord | undefined> {
    if (!idPattern.test(id)) return undefined;
    try {
      const info = JSON.parse(await readFile(this.pathOf(id, '.json'), 'utf8')) as Partial<Upload>;
      const { size, metadata, creation_date: created } = info;
      if (size === undefined || created === undefined) return undefined;
      return { id, size, metadata: metadata ?? {}, createdAt: new Date(created), finished: await this.isFinished(id) };
    } catch (error) {
      // Removed in the meantime, or its description was cut off by a crash: there is no such upload.
      if (error instanceof SyntaxError || isMissing(error)) return undefined;
      throw error;
    }
  }

  async records(): Promise<UploadRecord[]> {
    const names = (await readdir(this.directory)).filter((name) => name.endsWith('.json'));
    const found = await Promise.all(names.map((name) => this.record(name.slice(0, -'.json'.length))));
    return found.filter((each) => each !== undefined);
  }

  /** Bytes so far; undefined when the file was moved to the blobs. */
  async received(id: string): Promise<number | undefined> {
    try {
      return (await stat(this.pathOf(id))).size;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async finish(id: string): Promise<void> {
    await writeFile(this.pathOf(id, '.done'), '');
  }

  override async getUpload(id: string): Promise<Upload> {
    const record = await this.record(id);
    if (record?.finished !== true) return super.getUpload(id);
    const { size, metadata, createdAt } = record;
    return new Upload({ id, size, offset: size, metadata: { ...metadata }, creation_date: createdAt.toISOString() });
  }

  override async write(readable: IncomingMessage | Readable, id: string, offset: number): Promise<number> {
    if (!(await this.isFinished(id))) return super.write(readable, id, offset);
    readable.resume();
    return offset;
  }

  override async remove(id: string): Promise<void> {
    for (const suffix of ['.done', '', '.json']) await rm(this.pathOf(id, suffix), { force: true });
  }

  override async deleteExpired(): Promise<number> {
    const oldest = Date.now() - this.getExpiration();
    const expired = (await this.records()).filter(({ createdAt }) => createdAt.getTime() < oldest);
    for (const { id } of expired) await this.remove(id);
    return expired.length;
  }

  private async isFinished(id: string): Promise<boolean> {
    try {
      await access(this.pathOf(id, '.done'));
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
