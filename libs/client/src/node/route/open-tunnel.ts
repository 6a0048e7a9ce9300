import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { ClientError } from '../../client.errors';
import { connectionError, wordOf } from '../../rest/connection-error';
import { type ForwardProxy } from './forward-proxy';
import { ROUTE_VARIABLES } from './route-settings';

export interface TunnelTarget {
  readonly host: string;
  readonly port: number;
}

export interface TunnelOptions {
  readonly proxy: ForwardProxy;
  /** `user:password`; null sends none. */
  readonly credentials: string | null;
  /** Trusted certificates, for a proxy that is itself spoken to by TLS; undefined for those of Node. */
  readonly ca?: readonly string[] | undefined;
  /** Longest wait for the proxy to have opened the tunnel, ms. */
  readonly timeoutMs: number;
}

/**
 * Has a forward proxy open a connection (RFC 9110, 9.3.6). Node's own HTTP does the talking. The ready-made agents take a
 * proxy's refusal for the coordinator's answer and wait for a silent proxy for ever.
 *
 * @returns the connection to the target, on which nothing was said yet
 * @throws ClientError `CLIENT.PROXY_UNREACHABLE`, `CLIENT.PROXY_CREDENTIALS` (407), `CLIENT.PROXY_REFUSED`,
 *   `CLIENT.UNREACHABLE` (the proxy is there, but cannot reach the target now), `CLIENT.TLS_NOT_TRUSTED`
 */
export function openTunnel(target: TunnelTarget, options: TunnelOptions): Promise<Socket> {
  const authority = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
  const request = connectRequest(authority, options);
  return new Promise((resolve, reject) => {
    const unreachable = (word: string, cause?: unknown): ClientError =>
      new ClientError(
        'CLIENT.PROXY_UNREACHABLE',
        `expected the proxy ${options.proxy.label} to open a connection to ${authority}, got ${word}`,
        { cause },
      );
    const timer = setTimeout(() => {
      request.destroy(unreachable(`nothing within ${options.timeoutMs} ms`));
    }, options.timeoutMs);
    request.once('connect', (response: IncomingMessage, socket: Socket, head: Buffer) => {
      clearTimeout(timer);
      const refusal = refusalOf(response, authority, options);
      if (refusal === null) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      // It may still send a page; nobody reads it.
      socket.on('error', () => undefined).destroy();
      reject(refusal);
    });
    // Something that knows no CONNECT answers as to any other call.
    request.once('response', (response: IncomingMessage) => {
      response.destroy();
      reject(unreachable(`HTTP ${response.statusCode ?? 'without status'}: this is no proxy`));
    });
    request.on('error', (cause) => {
      clearTimeout(timer);
      const error = connectionError(cause, { what: 'CONNECT', peer: `the proxy ${options.proxy.label}` }, 'CLIENT.CUT');
      reject(error.code === 'CLIENT.TLS_NOT_TRUSTED' || error === cause ? error : unreachable(wordOf(cause), cause));
    });
    request.end();
  });
}

function connectRequest(authority: string, { proxy, credentials, ca }: TunnelOptions): ClientRequest {
  const { protocol, hostname, port } = proxy.url;
  const secure = protocol === 'https:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const common = {
    method: 'CONNECT',
    host,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    path: authority,
    // The connection is the tunnel: it goes to nobody else afterwards.
    agent: false,
    headers: {
      host: authority,
      connection: 'keep-alive',
      ...(credentials === null
        ? {}
        : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }),
    },
  } as const;
  if (!secure) return httpRequest(common);
  // The certificate is the proxy's, not that of the host which the call names.
  const servername = isIP(host) === 0 ? host : '';
  return httpsRequest({ ...common, servername, ...(ca === undefined ? {} : { ca: [...ca] }) });
}

/** What a proxy's answer to CONNECT means; null when the tunnel is open. */
function refusalOf(
  { statusCode = 0, headers }: IncomingMessage,
  authority: string,
  { proxy: { label }, credentials }: TunnelOptions,
): ClientError | null {
  if (statusCode >= 200 && statusCode < 300) return null;
  const place = ROUTE_VARIABLES.proxyCredentialsFile;
  if (statusCode === 407) {
    // Each offer is a scheme and, behind a space, its parameters (RFC 9110, 11.6.1).
    const offers = [headers['proxy-authenticate'] ?? []].flat().join(', ');
    const schemes = [...offers.matchAll(/(?:^|,\s*)([\w-]+)(?=\s|,|$)/g)].map(([, scheme]) => scheme);
    const asked = schemes.length === 0 ? '' : `; it takes ${schemes.join(', ')}, this program can do Basic`;
    const expected =
      credentials !== null ? 'to take the user and password given' : `to ask for no user and password (${place})`;
    return new ClientError('CLIENT.PROXY_CREDENTIALS', `expected the proxy ${label} ${expected}, got HTTP 407${asked}`);
  }
  if (NOT_NOW.has(statusCode)) {
    const message = `expected the proxy ${label} to reach ${authority}, got HTTP ${statusCode}`;
    return new ClientError('CLIENT.UNREACHABLE', message);
  }
  const message = `expected the proxy ${label} to allow CONNECT to ${authority}, got HTTP ${statusCode}`;
  return new ClientError('CLIENT.PROXY_REFUSED', message);
}

/** Answers of a proxy that may be others in a while: it could not find or reach the target, or is busy. */
const NOT_NOW = new Set([408, 429, 500, 502, 503, 504]);
