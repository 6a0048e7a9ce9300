import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { BadLine, type LineOptions } from './bad-line';

export interface TcpProxyOptions extends LineOptions {
  /** On loopback. */
  readonly targetPort: number;
}

/**
 * A TCP proxy on loopback between nodes and coordinator. It knows nothing of HTTP, so what it records is what left. Clients
 * are pointed at it; one that they know of as a proxy is `ConnectProxy`.
 */
export class TcpProxy {
  readonly line: BadLine;
  readonly #server: Server;
  #reachable = true;

  private constructor({ targetPort, ...line }: TcpProxyOptions) {
    this.line = new BadLine(line);
    this.#server = createServer({ pauseOnConnect: true, allowHalfOpen: true }, (client) => {
      if (this.#reachable)
        this.line.join(client, connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true }));
      else client.resetAndDestroy();
    });
  }

  static async start(options: TcpProxyOptions): Promise<TcpProxy> {
    const proxy = new TcpProxy(options);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** While false, new connections are reset and old ones are cut. */
  setReachable(reachable: boolean): void {
    this.#reachable = reachable;
    if (!reachable) this.line.cutAll();
  }

  async stop(): Promise<void> {
    this.line.cutAll();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
