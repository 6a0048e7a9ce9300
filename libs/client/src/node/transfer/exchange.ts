import { once } from 'node:events';
import { type Agent, type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { DomainError } from '@fedistl/core';
import { ClientError } from '../../client.errors';
import { connectionError } from '../../rest/connection-error';

export interface ExchangeOptions {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers: Readonly<Record<string, string | number>>;
  /** Sent piece by piece, each when the one before was taken. */
  readonly body?: AsyncIterable<Uint8Array>;
  /** The connection is given up when nothing moved for so long, ms. */
  readonly idleMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Makes and keeps connections; default: Node's own, straight to the coordinator. */
  readonly agent?: Agent | undefined;
}

/**
 * One HTTP exchange over a connection of the agent, up to the answer's head; the body is read from what is returned.
 *
 * @throws ClientError `CLIENT.UNREACHABLE`, `CLIENT.CUT` (the connection broke), `CLIENT.TIMEOUT`, `CLIENT.STOPPED`,
 *   `CLIENT.TLS_NOT_TRUSTED`; through a proxy as `openTunnel`
 */
export async function exchange(options: ExchangeOptions): Promise<IncomingMessage> {
  const { url, method, headers, body, idleMs, signal, agent } = options;
  const start = url.startsWith('https:') ? httpsRequest : httpRequest;
  const request = start(url, {
    method,
    headers,
    ...(signal === undefined ? {} : { signal }),
    ...(agent === undefined ? {} : { agent }),
  });
  request.setTimeout(idleMs, () => request.destroy(timeout(options)));
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    // Stays for the life of the request: an error after the answer came must not end the process.
    request.on('error', (cause) => {
      reject(transferError(cause, options));
    });
    // A request that still waits for its connection tells of its end only when it has one; a proxy may take long over that.
    const stop = (): void => {
      reject(transferError(signal?.reason, options));
    };
    if (signal?.aborted === true) stop();
    else signal?.addEventListener('abort', stop);
    request.once('close', () => signal?.removeEventListener('abort', stop));
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
  return connectionError(cause, { what, peer: host }, 'CLIENT.CUT');
}
