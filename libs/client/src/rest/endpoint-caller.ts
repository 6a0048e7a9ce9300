import { type EndpointName, endpoints, type Endpoint, type ParsedAnswer } from '@fedistl/protocol';
import { ClientError } from '../client.errors';
import { type RestClient } from './rest-client';

export interface EndpointInput {
  /** Values of the path's `:names`. */
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** Asking twice does what asking once does. Default: every method but POST. */
  readonly repeatable?: boolean;
}

/** Calls the API by the names of the table that the server routes from, so that a path stands in one place only. */
export class EndpointCaller {
  constructor(readonly rest: RestClient) {}

  /** Throws as `RestClient.call`. */
  async call<N extends EndpointName>(name: N, input: EndpointInput = {}): Promise<ParsedAnswer<N>> {
    const { answer } = endpoint(name);
    if (typeof answer === 'string') throw new ClientError('CLIENT.MISUSE', `${name} answers ${answer}, not JSON`);
    return (await this.rest.call({ ...this.#request(name, input), answer })) as ParsedAnswer<N>;
  }

  /** The body of an answer that is not JSON. */
  async text(name: EndpointName, input: EndpointInput = {}): Promise<string> {
    return this.rest.text(this.#request(name, input));
  }

  #request(name: EndpointName, { params = {}, query, body, repeatable }: EndpointInput) {
    const { method, path, access } = endpoint(name);
    return {
      method,
      path: fillPath(path, params),
      ...(query === undefined ? {} : { query }),
      ...(body === undefined ? {} : { body }),
      ...(repeatable === undefined ? {} : { repeatable }),
      anonymous: access.people === undefined && access.site === undefined,
    };
  }
}

function endpoint(name: EndpointName): Endpoint {
  return endpoints[name];
}

function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/:([a-zA-Z]+)/g, (_, name: string) => {
    const value = params[name] ?? '';
    if (value === '') throw new ClientError('CLIENT.MISUSE', `${path}: expected a value for ${name}, got none`);
    return encodeURIComponent(value);
  });
}
