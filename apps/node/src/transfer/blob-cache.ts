import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { type SiteClient } from '@fedistl/client';
import { downloadBlob, type Route } from '@fedistl/client/node';

/** Weights and centres by their hash; what is here was checked when it came. */
export class BlobCache {
  constructor(
    private readonly directory: string,
    private readonly client: SiteClient,
    private readonly route: Route,
  ) {}

  file(hash: string): string {
    return path.join(this.directory, `${hash}.safetensors`);
  }

  /** Fetches a blob, or goes on with one that is here in part. @throws as `downloadBlob` */
  async fetch(hash: string, signal: AbortSignal): Promise<string> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const file = this.file(hash);
    const { client, route } = this;
    await downloadBlob({ url: client.blobAddress(hash), hash, file, tokens: client.tokens, route, signal });
    return file;
  }

  /** Removes all but these. */
  async keepOnly(hashes: ReadonlySet<string>): Promise<void> {
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.directory)) {
      if (!hashes.has(name.slice(0, 64))) await rm(path.join(this.directory, name), { force: true });
    }
  }
}
