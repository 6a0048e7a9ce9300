import { type Agent, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { type Fetch, type FetchRequest } from '../../rest/fetch';
import { exchange } from '../transfer/exchange';

/** The caller's signal ends a call sooner; this only for a caller without one, ms. */
const IDLE_MS = 60_000;
/** Answers that have no body (Fetch standard, "null body status"). */
const WITHOUT_BODY = new Set([204, 205, 304]);

/** A `fetch` over an agent of Node, which the global one does not take. Throws as `exchange`. */
export function agentFetch(agentFor: (url: string) => Agent | undefined): Fetch {
  return async (url, { method, headers, body, signal }) => {
    const message = await exchange({
      method,
      url,
      headers: body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) },
      ...(body === undefined ? {} : { body: whole(body) }),
      idleMs: IDLE_MS,
      signal,
      agent: agentFor(url),
    });
    return responseOf(message);
  };
}

/** One piece: `exchange` takes pieces as they come. */
async function* whole(body: NonNullable<FetchRequest['body']>): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(body));
}

function responseOf(message: IncomingMessage): Response {
  const status = message.statusCode ?? 0;
  const headers = new Headers();
  for (const [name, value] of Object.entries(message.headers)) {
    for (const each of [value ?? []].flat()) headers.append(name, each);
  }
  if (WITHOUT_BODY.has(status)) {
    message.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(message) as ReadableStream<Uint8Array>, { status, headers });
}
