import { type IncomingMessage } from 'node:http';
import { type ClientError, type RefusedError } from '../../client.errors';
import { refusalOf } from '../../rest/answer';
import { type TokenSource } from '../../rest/token-source';
import { exchange, type ExchangeOptions, shortText } from './exchange';

export type AuthorisedOptions = Omit<ExchangeOptions, 'body'> & {
  readonly tokens: TokenSource;
  /** Makes the body anew: it may be sent twice. */
  readonly body?: () => AsyncIterable<Uint8Array>;
};

/** As `exchange`, with a bearer token that is renewed once when the coordinator no longer takes it. */
export async function authorisedExchange(options: AuthorisedOptions): Promise<IncomingMessage> {
  const token = await options.tokens.token();
  const first = await exchange(withToken(options, token));
  if (first.statusCode !== 401) return first;
  const renewed = await options.tokens.renew(token);
  if (renewed === null) return first;
  first.resume();
  return exchange(withToken(options, renewed));
}

function withToken({ tokens: _, body, headers, ...rest }: AuthorisedOptions, token: string): ExchangeOptions {
  return {
    ...rest,
    headers: { ...headers, authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: body() }),
  };
}

/** The refusal in an answer of status 300 and above. */
export async function refusalIn(
  response: IncomingMessage,
  options: AuthorisedOptions,
): Promise<ClientError | RefusedError> {
  const { method, url } = options;
  const text = await shortText(response, { method, url, headers: {}, idleMs: options.idleMs, signal: options.signal });
  const header = (name: string): string | null => {
    const value = response.headers[name];
    return typeof value === 'string' ? value : null;
  };
  return refusalOf({ status: response.statusCode ?? 0, header }, text, `${method} ${new URL(url).pathname}`);
}
