import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { z } from 'zod';
import { ClientError } from '../client.errors';
import { parseBaseUrl } from './base-url';
import { RestClient, type RestClientOptions } from './rest-client';
import { fixedToken } from './token-source';

const answer = z.object({ value: z.number() });
const refusal = (code: string) =>
  JSON.stringify({ type: 'error', version: 1, code, message: 'expected a, got b', correlationId: 'c-1' });

describe('RestClient', () => {
  let server: Server;
  let handle: (request: IncomingMessage, response: ServerResponse) => void;
  let asked = 0;

  beforeEach(async () => {
    asked = 0;
    server = createServer((request, response) => {
      asked++;
      handle(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const client = (options: Partial<RestClientOptions> = {}): RestClient =>
    new RestClient({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      backoff: { firstMs: 1, longestMs: 5 },
      ...options,
    });

  it('sends token, body and query below /api/v1, and parses the answer', async () => {
    let seen: unknown;
    handle = (request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        seen = [request.method, request.url, request.headers.authorization, body];
        response.end('{"value":7,"later":"member"}');
      });
    };
    const rest = client({ tokens: fixedToken('secret') });
    const got = await rest.call({ method: 'POST', path: '/things', query: { a: 'x y', b: 2 }, body: { c: 1 }, answer });
    expect(got).toEqual({ value: 7 });
    expect(seen).toEqual(['POST', '/api/v1/things?a=x%20y&b=2', 'Bearer secret', '{"c":1}']);
  });

  it("throws the coordinator's refusal with its code and correlation id, and does not repeat it", async () => {
    handle = (_, response) => response.writeHead(409).end(refusal('STUDY.EXISTS'));
    await expect(client().call({ method: 'GET', path: '/x', answer })).rejects.toMatchObject({
      code: 'STUDY.EXISTS',
      message: 'expected a, got b',
      status: 409,
      correlationId: 'c-1',
    });
    expect(asked).toBe(1);
  });

  it('repeats a call that may be repeated when the answer is "not now", and no other', async () => {
    handle = (_, response) => {
      if (asked < 3) response.writeHead(503, { 'retry-after': '0' }).end(refusal('RATE.LIMITED'));
      else response.end('{"value":1}');
    };
    await expect(client().call({ method: 'GET', path: '/x', answer })).resolves.toEqual({ value: 1 });
    expect(asked).toBe(3);
    asked = 0;
    await expect(client().call({ method: 'POST', path: '/x', answer })).rejects.toMatchObject({ code: 'RATE.LIMITED' });
    expect(asked).toBe(1);
  });

  it.each([
    ['a page of a proxy', 502, '<html>', 'CLIENT.UNAVAILABLE'],
    ['another server', 404, 'not found', 'CLIENT.UNEXPECTED_ANSWER'],
    ['another shape', 200, '{"value":"7"}', 'CLIENT.UNEXPECTED_ANSWER'],
    ['no JSON', 200, 'hello', 'CLIENT.UNEXPECTED_ANSWER'],
    ['a redirection', 302, '', 'CLIENT.REDIRECTED'],
  ])('names %s', async (_, status, body, code) => {
    handle = (_request, response) => response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end(body);
    await expect(client({ repeats: 0 }).call({ method: 'GET', path: '/x', answer })).rejects.toMatchObject({ code });
  });

  it('names a coordinator that does not answer, is not there, or a call that was stopped', async () => {
    handle = () => undefined;
    const call = { method: 'GET', path: '/x', answer } as const;
    await expect(client({ timeoutMs: 30, repeats: 0 }).call(call)).rejects.toMatchObject({ code: 'CLIENT.TIMEOUT' });
    const stop = new AbortController();
    const stopped = client({ signal: stop.signal }).call(call);
    stop.abort();
    await expect(stopped).rejects.toMatchObject({ code: 'CLIENT.STOPPED' });
    const absent = client({ baseUrl: 'http://127.0.0.1:1', repeats: 1 }).call(call);
    await expect(absent).rejects.toMatchObject({
      code: 'CLIENT.UNREACHABLE',
      message: expect.stringContaining('127.0.0.1') as string,
    });
  });

  it('renews a refused token once', async () => {
    const tokens = { token: () => Promise.resolve('old'), renew: () => Promise.resolve('new') };
    handle = (request, response) => {
      if (request.headers.authorization === 'Bearer new') response.end('{"value":2}');
      else response.writeHead(401).end(refusal('AUTH.EXPIRED'));
    };
    await expect(client({ tokens }).call({ method: 'POST', path: '/x', answer })).resolves.toEqual({ value: 2 });
    expect(asked).toBe(2);
  });
});

describe('parseBaseUrl', () => {
  it.each([
    ['https://c.example.org/', 'https://c.example.org'],
    ['https://c.example.org:8443/fedistl/', 'https://c.example.org:8443/fedistl'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
  ])('takes %s', (text, expected) => {
    expect(parseBaseUrl(text)).toBe(expected);
  });

  it.each(['c.example.org', 'http://c.example.org', 'ftp://c', 'https://u:p@c.example.org', 'https://c?x=1'])(
    'refuses %s',
    (text) => {
      expect(() => parseBaseUrl(text)).toThrow(ClientError);
    },
  );

  it('takes plain http of another machine when asked to', () => {
    expect(parseBaseUrl('http://coordinator:3000', { allowPlainHttp: true })).toBe('http://coordinator:3000');
  });
});
