import { rm } from 'node:fs/promises';
import { FileSource } from '@fedistl/core/node';
import { ClientError, RefusedError } from '../../client.errors';
import { type TokenSource } from '../../rest/token-source';
import { type Route } from '../route/open-route';
import { type ChunkLimits, ChunkSize } from './chunk-size';
import { persevere, type Perseverance } from './persevere';
import { Throttle } from './throttle';
import { TusUpload } from './tus-upload';
import { readUploadRecord, writeUploadRecord } from './upload-record';

export interface UploadBlobOptions extends Perseverance {
  readonly file: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly hash: string;
  /** Absolute address of `/api/v1/uploads`. */
  readonly endpoint: string;
  /** tus metadata beside `sha256`: `purpose`, `studyId`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tokens: TokenSource;
  /** Keeps the upload's address, so that it goes on after this process was killed. */
  readonly recordFile: string;
  /** Null or absent does not limit. */
  readonly bytesPerSecond?: number | null;
  /** A connection on which nothing moved for so long is given up, ms. Default: 60 s. */
  readonly idleMs?: number;
  readonly chunks?: ChunkLimits;
  /** The way out; default: straight. */
  readonly route?: Pick<Route, 'agentFor'>;
  readonly onProgress?: (acknowledged: number, byteLength: number) => void;
}

export interface UploadResult {
  readonly byteLength: number;
  /** Bytes of the file that went out, those that were lost on the way included. */
  readonly sentBytes: number;
  /** Times that the coordinator was asked where to go on. */
  readonly breaks: number;
}

/**
 * Uploads a file as a blob by tus 1.0. It goes in chunks that are acknowledged one by one; after a break the coordinator is
 * asked where to go on, so at most one chunk is sent twice. The record stays after success, since a repeated call then sends
 * nothing; the caller removes it.
 *
 * @throws RefusedError; ClientError as `exchange`, and `CLIENT.UPLOAD_MISMATCH` when the coordinator's offset makes no sense
 */
export async function uploadBlob(options: UploadBlobOptions): Promise<UploadResult> {
  const { file, endpoint, tokens, bytesPerSecond = null, idleMs = 60_000, signal } = options;
  const source = await FileSource.open(file);
  const agent = options.route?.agentFor(endpoint);
  const tus = new TusUpload({ endpoint, tokens, throttle: new Throttle(bytesPerSecond), idleMs, signal, agent });
  const run = new UploadRun(options, source, tus);
  try {
    await persevere(
      () => run.attempt(),
      () => run.acknowledged,
      options,
    );
    return { byteLength: source.size, sentBytes: run.sentBytes, breaks: run.attempts - 1 };
  } finally {
    await source.close();
  }
}

/** Forgets an upload that came to its end. */
export async function forgetUpload(recordFile: string): Promise<void> {
  await rm(recordFile, { force: true });
}

class UploadRun {
  acknowledged = 0;
  sentBytes = 0;
  attempts = 0;
  readonly #size: ChunkSize;

  constructor(
    private readonly options: UploadBlobOptions,
    private readonly source: FileSource,
    private readonly tus: TusUpload,
  ) {
    this.#size = new ChunkSize(options.chunks);
  }

  /** From where the coordinator stands to the end, or to a break. */
  async attempt(): Promise<void> {
    this.attempts++;
    const started = performance.now();
    const { path, offset } = await this.#begin();
    const answerMs = performance.now() - started;
    this.#reached(offset);
    while (this.acknowledged < this.source.size) await this.#chunk(path, answerMs);
  }

  async #begin(): Promise<{ path: string; offset: number }> {
    const { recordFile, hash, metadata } = this.options;
    const byteLength = this.source.size;
    const record = await readUploadRecord(recordFile, hash);
    const offset = record === null ? null : await this.tus.offset(record.path);
    if (record !== null && offset !== null) return { path: record.path, offset };
    const path = await this.tus.create(byteLength, { sha256: hash, ...metadata });
    await writeUploadRecord(recordFile, { path, hash, byteLength });
    return { path, offset: 0 };
  }

  async #chunk(path: string, answerMs: number): Promise<void> {
    const offset = this.acknowledged;
    const length = Math.min(this.#size.bytes, this.source.size - offset);
    const started = performance.now();
    const onSent = (bytes: number): void => {
      this.sentBytes += bytes;
    };
    try {
      this.#reached(await this.tus.append(path, this.source, { offset, length, onSent }));
    } catch (error) {
      this.#size.broke();
      // The coordinator has other bytes than we thought (409) or still holds the broken call (423): ask where to go on.
      if (error instanceof RefusedError && [409, 423].includes(error.status)) throw interrupted(error);
      throw error;
    }
    this.#size.acknowledged(length, performance.now() - started, answerMs);
  }

  #reached(offset: number): void {
    if (offset > this.source.size) {
      throw new ClientError(
        'CLIENT.UPLOAD_MISMATCH',
        `expected the coordinator to have at most ${this.source.size} bytes, got ${offset}`,
      );
    }
    this.acknowledged = offset;
    this.options.onProgress?.(offset, this.source.size);
  }
}

function interrupted(cause: RefusedError): ClientError {
  return new ClientError('CLIENT.CUT', `the coordinator asks to go on elsewhere: ${cause.message}`, { cause });
}
