import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { DomainError } from '@fedistl/core';
import { ClientError } from '../../client.errors';

export interface ExchangeOptions {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string | number>>;
  /** Sent piece by piece, each when the one before was taken. */
  readonly body?: AsyncIterable<Uint8Array>;
  /** The connection is given up when nothing moved for so long, ms. */
  readonly idleMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One HTTP exchange over a connection of the default agent, up to the answer's head; the body is read from what is returned.
 *
 * @throws ClientError `CLIENT.UNREACHABLE`, `CLIENT.CUT` (the connection broke), `CLIENT.TIMEOUT`, `CLIENT.STOPPED`
 */
export async function exchange(options: ExchangeOptions): Promise<IncomingMessage> {
  const { url, method, headers, body, idleMs, signal } = options;
  const start = url.startsWith('https:') ? httpsRequest : httpRequest;
  const request = start(url, { method, headers, ...(signal === undefined ? {} : { signal }) });
  request.setTimeout(idleMs, () => request.destroy(timeout(options)));
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    // Stays for the life of the request: an error after the answer came must not end the process.
    request.on('error', (cause) => {
      reject(transferError(cause, options));
    });
  });
  // Read below, maybe only after the body is sent.
  answer.catch(() => undefined);
  if (body === undefined) request.end();
  else await send(request, body, answer);
  return answer;
}

/** Writes the body until it is done or the answer comes early, as a refusal does. */
async function send(
  request: ClientRequest,
  body: AsyncIterable<Uint8Array>,
  answer: Promise<IncomingMessage>,
): Promise<void> {
  const state = { answered: false };
  const end = (): void => {
    state.answered = true;
  };
  const early = answer.then(end, end);
  for await (const piece of body) {
    if (state.answered || request.destroyed) return;
    if (!request.write(piece)) await Promise.race([once(request, 'drain').catch(() => undefined), early]);
  }
  if (!state.answered) request.end();
}

/** The text of an answer's body, at most 64 KiB of it. */
export async function shortText(response: IncomingMessage, options: ExchangeOptions): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      length += part.length;
      if (length <= 65_536) parts.push(part);
    }
  } catch (cause) {
    throw transferError(cause, options);
  }
  return Buffer.concat(parts).toString('utf8');
}

function timeout({ method, url, idleMs }: ExchangeOptions): ClientError {
  return new ClientError('CLIENT.TIMEOUT', `${method} ${new URL(url).pathname}: nothing moved for ${idleMs} ms`);
}

/** An error of the connection in our own words; errors of our own pass through. */
export function transferError(cause: unknown, { method, url, signal }: ExchangeOptions): Error {
  if (cause instanceof DomainError) return cause;
  const { pathname, host } = new URL(url);
  const what = `${method} ${pathname}`;
  if (signal?.aborted === true) return new ClientError('CLIENT.STOPPED', `${what}: stopped`, { cause });
  const errno = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'broken';
  if (['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'].includes(errno)) {
    return new ClientError('CLIENT.UNREACHABLE', `${what}: cannot reach ${host}: ${errno}`, { cause });
  }
  return new ClientError('CLIENT.CUT', `${what}: the connection to ${host} broke: ${errno}`, { cause });
}
