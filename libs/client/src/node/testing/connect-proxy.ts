import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { BadLine, type LineOptions } from './bad-line';

export interface ConnectProxyOptions extends LineOptions {
  /** Where it lets through: `host:port` to a port on loopback. It is the only one that can find these names. */
  readonly targets: Readonly<Record<string, number>>;
  /** `user:password` that it asks for; absent: nothing. */
  readonly credentials?: string;
  /** Schemes that it offers with 407. Default: Basic. */
  readonly schemes?: readonly string[];
  /** Speaks TLS to its clients. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Takes connections and says nothing. */
  readonly silent?: boolean;
}

/** A tunnel that was opened: what was asked for, and the proxy's own end of the connection to it. */
export interface Tunnel {
  readonly authority: string;
  readonly localPort: number;
}

/** A hospital's forward proxy (RFC 9110, 9.3.6): it opens tunnels where it may, asks for credentials, and keeps records. */
export class ConnectProxy {
  readonly line: BadLine;
  readonly tunnels: Tunnel[] = [];
  /** Calls that got no tunnel: what was asked for, and the status. */
  readonly refusals: { readonly asked: string; readonly status: number }[] = [];
  credentials: string | undefined;
  /** Connections that clients made. */
  connections = 0;
  readonly #server: Server;
  readonly #clients = new Set<Socket>();
  #reachable = true;

  private constructor(private readonly options: ConnectProxyOptions) {
    this.line = new BadLine(options);
    this.credentials = options.credentials;
    const { tls } = options;
    this.#server = tls === undefined ? createServer() : createSecureServer(tls);
    this.#server.on('connection', (client: Socket) => {
      this.connections++;
      this.#clients.add(client.once('close', () => this.#clients.delete(client)));
      if (!this.#reachable) client.resetAndDestroy();
    });
    // Whoever does not tunnel has found another way to use the proxy.
    this.#server.on('request', (request: IncomingMessage, response) => {
      this.refusals.push({ asked: `${request.method ?? ''} ${request.url ?? ''}`, status: 405 });
      response.writeHead(405).end();
    });
    this.#server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
      if (options.silent !== true) this.#tunnel(request, client, head);
    });
  }

  static async start(options: ConnectProxyOptions): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(options);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${this.port}`;
  }

  /** While false, new connections are reset and old ones are cut. */
  setReachable(reachable: boolean): void {
    this.#reachable = reachable;
    if (!reachable) this.line.cutAll();
  }

  async stop(): Promise<void> {
    this.line.cutAll();
    for (const client of this.#clients) client.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #tunnel(request: IncomingMessage, client: Socket, head: Buffer): void {
    client.on('error', () => undefined);
    const authority = request.url ?? '';
    const refuse = (status: number, headers: readonly string[] = []): void => {
      this.refusals.push({ asked: authority, status });
      client.end([`HTTP/1.1 ${status} No`, ...headers, 'Content-Length: 0', '', ''].join('\r\n'));
    };
    if (this.credentials !== undefined && request.headers['proxy-authorization'] !== basic(this.credentials)) {
      const { schemes = ['Basic'] } = this.options;
      refuse(
        407,
        schemes.map((scheme) => `Proxy-Authenticate: ${scheme} realm="hospital"`),
      );
      return;
    }
    const port = this.options.targets[authority];
    if (port === undefined) {
      refuse(403);
      return;
    }
    const upstream = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    upstream.once('error', () => {
      refuse(502);
    });
    upstream.once('connect', () => {
      upstream.removeAllListeners('error');
      this.tunnels.push({ authority, localPort: upstream.localPort ?? 0 });
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      if (head.length > 0) client.unshift(head);
      this.line.join(client, upstream);
    });
  }
}

function basic(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}
