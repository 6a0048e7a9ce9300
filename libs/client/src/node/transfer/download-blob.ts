import { type IncomingMessage } from 'node:http';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { hashFile } from '@fedistl/crypto/node';
import { toFileError } from '@fedistl/core/node';
import { ClientError } from '../../client.errors';
import { type TokenSource } from '../../rest/token-source';
import { type Route } from '../route/open-route';
import { authorisedExchange, type AuthorisedOptions, refusalIn } from './authorised-exchange';
import { transferError } from './exchange';
import { persevere, type Perseverance } from './persevere';
import { Throttle } from './throttle';

export interface DownloadBlobOptions extends Perseverance {
  /** Absolute address of the blob. */
  readonly url: string;
  /** SHA-256 that its bytes must have, in hexadecimal. */
  readonly hash: string;
  /** Where it goes; `.part` beside it keeps what came so far. */
  readonly file: string;
  readonly tokens: TokenSource;
  /** Null or absent does not limit. */
  readonly bytesPerSecond?: number | null;
  /** Longest blob that is taken. Default: 16 GiB. */
  readonly mostBytes?: number;
  /** A connection on which nothing moved for so long is given up, ms. Default: 60 s. */
  readonly idleMs?: number;
  readonly onProgress?: (received: number) => void;
  /** The way out; default: straight. */
  readonly route?: Pick<Route, 'agentFor'>;
}

export interface DownloadResult {
  readonly byteLength: number;
  /** Bytes that came now; 0 when the file was there. */
  readonly receivedBytes: number;
}

/**
 * Downloads a blob by its hash. A break, or a kill of this process, loses nothing: the next call goes on at the byte
 * (RFC 9110, 14.2). The file appears under its name only when its hash is right.
 *
 * @throws RefusedError; ClientError as `exchange`, `CLIENT.HASH_MISMATCH`, `CLIENT.BLOB_TOO_LARGE`; FileError
 */
export async function downloadBlob(options: DownloadBlobOptions): Promise<DownloadResult> {
  const { file, hash } = options;
  const present = await sizeOf(file);
  if (present !== null && (await hashFile(file)).sha256 === hash) return { byteLength: present, receivedBytes: 0 };
  const part = `${file}.part`;
  const kept = (await sizeOf(part)) ?? 0;
  let received = await fetchInto(part, options);
  if ((await hashFile(part)).sha256 !== hash) {
    await rm(part, { force: true });
    // What an earlier run left may be damaged (a power cut): once more from the first byte.
    received = kept === 0 ? refuseHash(hash) : received + (await fetchInto(part, options));
    if ((await hashFile(part)).sha256 !== hash) {
      await rm(part, { force: true });
      refuseHash(hash);
    }
  }
  await rename(part, file);
  return { byteLength: (await sizeOf(file)) ?? 0, receivedBytes: received };
}

async function fetchInto(part: string, options: DownloadBlobOptions): Promise<number> {
  const handle = await open(part, 'a').catch((cause: unknown) => {
    throw toFileError(cause, 'write', part);
  });
  const throttle = new Throttle(options.bytesPerSecond ?? null);
  let at = (await handle.stat()).size;
  let received = 0;
  const take = async (bytes: Uint8Array): Promise<void> => {
    await append(handle, bytes, part);
    at += bytes.length;
    received += bytes.length;
    options.onProgress?.(at);
    await throttle.take(bytes.length, options.signal);
  };
  try {
    await persevere(
      async () => {
        const range = await requestFrom(at, options);
        if (range === null) return;
        if (range.restarts && at > 0) {
          await handle.truncate(0);
          at = 0;
        }
        await drain(range, take, options);
      },
      () => received,
      options,
    );
    await handle.sync();
    return received;
  } finally {
    await handle.close();
  }
}

interface Range {
  readonly response: IncomingMessage;
  readonly call: AuthorisedOptions;
  /** The coordinator sends all from the first byte. */
  readonly restarts: boolean;
}

/** The answer that carries the bytes from `at` on; null when there are no more. */
async function requestFrom(at: number, options: DownloadBlobOptions): Promise<Range | null> {
  const { url, tokens, idleMs = 60_000, signal, mostBytes = 16 * 2 ** 30, route } = options;
  // Bytes as they are: a compressed answer has other offsets.
  const headers = { 'accept-encoding': 'identity', ...(at === 0 ? {} : { range: `bytes=${at}-` }) };
  const call: AuthorisedOptions = { method: 'GET', url, headers, tokens, idleMs, signal, agent: route?.agentFor(url) };
  const response = await authorisedExchange(call);
  const status = response.statusCode ?? 0;
  if (status === 416 && at > 0) {
    response.resume();
    return null;
  }
  if (status !== 200 && status !== 206) throw await refusalIn(response, call);
  const restarts = status === 200;
  const rest = Number(response.headers['content-length'] ?? 0);
  if ((restarts ? 0 : at) + rest > mostBytes) {
    response.destroy();
    throw new ClientError('CLIENT.BLOB_TOO_LARGE', `expected a blob of at most ${mostBytes} bytes, got more`);
  }
  return { response, call, restarts };
}

async function drain(
  { response, call, restarts }: Range,
  take: (bytes: Uint8Array) => Promise<void>,
  { mostBytes = 16 * 2 ** 30 }: DownloadBlobOptions,
): Promise<void> {
  const { method, url, signal, idleMs } = call;
  let came = 0;
  const expected = response.headers['content-length'];
  try {
    for await (const bytes of response as AsyncIterable<Buffer>) {
      came += bytes.length;
      if (came > mostBytes) throw new ClientError('CLIENT.BLOB_TOO_LARGE', `expected at most ${mostBytes} bytes`);
      await take(bytes);
    }
  } catch (cause) {
    throw transferError(cause, { method, url, headers: {}, idleMs, signal });
  }
  if (expected !== undefined && came < Number(expected)) {
    throw new ClientError('CLIENT.CUT', `GET blob: expected ${expected} bytes${restarts ? '' : ' more'}, got ${came}`);
  }
}

async function append(handle: FileHandle, bytes: Uint8Array, path: string): Promise<void> {
  try {
    await handle.appendFile(bytes);
  } catch (cause) {
    throw toFileError(cause, 'write', path);
  }
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (cause) {
    if (typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ENOENT') return null;
    throw toFileError(cause, 'read', path);
  }
}

function refuseHash(hash: string): never {
  throw new ClientError('CLIENT.HASH_MISMATCH', `expected a blob with SHA-256 ${hash}, got other bytes`);
}
