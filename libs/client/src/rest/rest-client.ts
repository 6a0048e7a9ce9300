import { apiBasePath } from '@fedistl/protocol';
import { type z } from 'zod';
import { ClientError, isTransient, RefusedError } from '../client.errors';
import { parseAnswer, readBounded, refusalOf } from './answer';
import { type Backoff, backoffMs, defaultBackoff, sleep } from './backoff';
import { parseBaseUrl } from './base-url';
import { connectionError } from './connection-error';
import { type Fetch } from './fetch';
import { type TokenSource } from './token-source';

export interface RestClientOptions {
  /** Address of the coordinator, without `/api/v1`. */
  readonly baseUrl: string;
  /** Take plain http for other machines too: inside a closed network, or behind a proxy on the way. Default: false. */
  readonly allowPlainHttp?: boolean;
  readonly tokens?: TokenSource;
  /** Longest wait for one answer, ms. Default: 30 s. */
  readonly timeoutMs?: number;
  /** Times that a call that may be repeated is repeated when nobody answers. Default: 4. */
  readonly repeats?: number;
  readonly backoff?: Backoff;
  /** Default: the global one, straight to the coordinator. */
  readonly fetch?: Fetch;
  readonly signal?: AbortSignal;
}

export interface Call<S extends z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `/api/v1`, with its leading slash. */
  readonly path: string;
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly answer: S;
  /** Asking twice does what asking once does. Default: every method but POST. */
  readonly repeatable?: boolean;
  /** Send no token: enrolment and login have none yet. */
  readonly anonymous?: boolean;
}

/** JSON calls to one coordinator: token, time limit, repetition, and answers that a schema has parsed. */
export class RestClient {
  readonly baseUrl: string;
  readonly #options: RestClientOptions;

  /** @throws ClientError `CLIENT.BAD_ADDRESS` */
  constructor(options: RestClientOptions) {
    this.baseUrl = parseBaseUrl(options.baseUrl, { allowPlainHttp: options.allowPlainHttp === true });
    this.#options = options;
  }

  /** Absolute address of a call, for transfers that do not speak JSON. */
  address(path: string): string {
    return `${this.baseUrl}${apiBasePath}${path}`;
  }

  /**
   * @throws RefusedError with the coordinator's code; ClientError `CLIENT.UNREACHABLE`, `CLIENT.TIMEOUT`,
   *   `CLIENT.TLS_NOT_TRUSTED`, `CLIENT.UNAVAILABLE`, `CLIENT.UNEXPECTED_ANSWER`, `CLIENT.ANSWER_TOO_LARGE`, `CLIENT.REDIRECTED`, `CLIENT.STOPPED`
   */
  async call<S extends z.ZodType>(call: Call<S>): Promise<z.infer<S>> {
    const what = `${call.method} ${call.path}`;
    return parseAnswer(call.answer, await this.text(call), what);
  }

  /** The body of a successful answer as it came, for what is no JSON. Throws as `call`. */
  async text(call: Omit<Call<z.ZodType>, 'answer'>): Promise<string> {
    const { repeats = 4, backoff = defaultBackoff, signal } = this.#options;
    const repeatable = call.repeatable ?? call.method !== 'POST';
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#authorised(call);
      } catch (error) {
        if (!repeatable || !isTransient(error) || attempt > repeats || signal?.aborted === true) throw error;
        const asked = error instanceof RefusedError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
        await sleep(Math.max(Math.min(asked, backoff.longestMs), backoffMs(attempt, backoff)), signal);
      }
    }
  }

  async #authorised(call: Omit<Call<z.ZodType>, 'answer'>): Promise<string> {
    const { tokens } = this.#options;
    if (tokens === undefined || call.anonymous === true) return this.#once(call, undefined);
    const token = await tokens.token();
    try {
      return await this.#once(call, token);
    } catch (error) {
      if (!(error instanceof RefusedError) || error.status !== 401) throw error;
      const renewed = await tokens.renew(token);
      if (renewed === null) throw error;
      return this.#once(call, renewed);
    }
  }

  async #once(call: Omit<Call<z.ZodType>, 'answer'>, token: string | undefined): Promise<string> {
    const { timeoutMs = 30_000, fetch = globalThis.fetch, signal } = this.#options;
    const what = `${call.method} ${call.path}`;
    const deadline = AbortSignal.timeout(timeoutMs);
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.address(call.path)}${queryOf(call.query)}`, {
        method: call.method,
        headers: {
          accept: 'application/json',
          ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
        redirect: 'manual',
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
      });
      text = await readBounded(response, what);
    } catch (cause) {
      throw this.#networkError(cause, what, deadline);
    }
    if (response.ok) return text;
    throw refusalOf({ status: response.status, header: (name) => response.headers.get(name) }, text, what);
  }

  #networkError(cause: unknown, what: string, deadline: AbortSignal): unknown {
    const { timeoutMs = 30_000, signal } = this.#options;
    if (signal?.aborted === true) return new ClientError('CLIENT.STOPPED', `${what}: stopped`, { cause });
    if (deadline.aborted) {
      return new ClientError('CLIENT.TIMEOUT', `${what}: expected an answer within ${timeoutMs} ms, got none`, {
        cause,
      });
    }
    return connectionError(cause, { what, peer: this.baseUrl }, 'CLIENT.UNREACHABLE');
  }
}

function queryOf(query: Call<z.ZodType>['query']): string {
  const given = Object.entries(query ?? {}).filter((pair): pair is [string, string | number] => pair[1] !== undefined);
  if (given.length === 0) return '';
  return `?${given.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')}`;
}
