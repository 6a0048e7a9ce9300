import { type Agent, type IncomingMessage } from 'node:http';
import { type FileSource } from '@fedistl/core/node';
import { ClientError } from '../../client.errors';
import { type TokenSource } from '../../rest/token-source';
import { authorisedExchange, type AuthorisedOptions, refusalIn } from './authorised-exchange';
import { type Throttle } from './throttle';

const TUS = { 'tus-resumable': '1.0.0' } as const;

/** Bytes written at a time: small enough that a slow limit flows evenly. */
const PIECE = 16 * 1024;

export interface TusOptions {
  /** Absolute address where uploads are made. */
  readonly endpoint: string;
  readonly tokens: TokenSource;
  readonly throttle: Throttle;
  readonly idleMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly agent?: Agent | undefined;
}

/** The calls of tus 1.0 (tus.io/protocols/resumable-upload) that an upload needs: creation, offset, and bytes. */
export class TusUpload {
  constructor(private readonly options: TusOptions) {}

  /**
   * Makes an upload. Only the path of the answered address is kept: behind a proxy the coordinator may not know its own
   * name, and a token is never carried to another host than the pinned one.
   *
   * @returns path of the upload
   */
  async create(byteLength: number, metadata: Readonly<Record<string, string>>): Promise<string> {
    const pairs = Object.entries(metadata).map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`);
    const headers = { ...TUS, 'upload-length': byteLength, 'upload-metadata': pairs.join(','), 'content-length': 0 };
    const response = await this.#call({ method: 'POST', url: this.options.endpoint, headers });
    const location = response.headers.location;
    if (response.statusCode !== 201 || location === undefined) {
      throw new ClientError(
        'CLIENT.UNEXPECTED_ANSWER',
        `POST uploads: expected 201 with a location, got ${response.statusCode ?? 'none'}`,
      );
    }
    return new URL(location, this.options.endpoint).pathname;
  }

  /** Bytes that the coordinator has; null when it knows no such upload (any more). */
  async offset(path: string): Promise<number | null> {
    const call = this.#asking({ method: 'HEAD', url: this.#url(path), headers: TUS });
    const response = await authorisedExchange(call);
    response.resume();
    if (response.statusCode === 404 || response.statusCode === 410) return null;
    if ((response.statusCode ?? 500) >= 300) throw await refusalIn(response, call);
    return offsetIn(response, 'HEAD');
  }

  /**
   * Sends `length` bytes of the file from `offset` on.
   *
   * @param onSent told of each piece as it goes out
   * @returns the coordinator's offset afterwards
   */
  async append(
    path: string,
    file: FileSource,
    { offset, length, onSent }: { offset: number; length: number; onSent: (bytes: number) => void },
  ): Promise<number> {
    const { throttle, signal } = this.options;
    async function* body(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < length;) {
        const piece = await file.read(offset + at, Math.min(PIECE, length - at));
        await throttle.take(piece.length, signal);
        onSent(piece.length);
        yield piece;
        at += piece.length;
      }
    }
    const response = await this.#call({
      method: 'PATCH',
      url: this.#url(path),
      headers: {
        ...TUS,
        'content-type': 'application/offset+octet-stream',
        'upload-offset': offset,
        'content-length': length,
      },
      body,
    });
    return offsetIn(response, 'PATCH');
  }

  async #call(asked: Pick<AuthorisedOptions, 'method' | 'url' | 'headers' | 'body'>): Promise<IncomingMessage> {
    const call = this.#asking(asked);
    const response = await authorisedExchange(call);
    if ((response.statusCode ?? 500) >= 300) throw await refusalIn(response, call);
    response.resume();
    return response;
  }

  #asking(asked: Pick<AuthorisedOptions, 'method' | 'url' | 'headers' | 'body'>): AuthorisedOptions {
    const { tokens, idleMs, signal, agent } = this.options;
    return { ...asked, tokens, idleMs, signal, agent };
  }

  #url(path: string): string {
    return new URL(path, this.options.endpoint).href;
  }
}

function offsetIn(response: IncomingMessage, method: string): number {
  const offset = Number(response.headers['upload-offset'] ?? 'none');
  if (Number.isSafeInteger(offset) && offset >= 0) return offset;
  throw new ClientError('CLIENT.UNEXPECTED_ANSWER', `${method} upload: expected an upload-offset, got none`);
}
