import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { Throttle } from '../transfer/throttle';

export interface ThrottlingProxyOptions {
  readonly target: { readonly host: string; readonly port: number };
  /** In each direction, over all connections together. 4 Mbit/s are 500,000. Absent: no limit. */
  readonly bytesPerSecond?: number;
  /** A connection is reset when it is so old, ms. Absent: never. */
  readonly cutAfterMs?: number;
  /** Sees every byte that a client sends, as it comes: to search what leaves a site. */
  readonly onClientBytes?: (bytes: Uint8Array) => void;
}

/**
 * A TCP proxy on loopback that behaves like a bad line: a rate in each direction, connections that are reset, a target that
 * cannot be reached for a while. Tests put it between a node and a coordinator.
 */
export class ThrottlingProxy {
  /** Bytes that clients sent, whether they arrived or not. */
  clientBytes = 0;
  /** Bytes of them that went on to the target. */
  forwardedBytes = 0;
  answeredBytes = 0;
  connections = 0;
  cuts = 0;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  readonly #up: Throttle;
  readonly #down: Throttle;
  #reachable = true;

  private constructor(private readonly options: ThrottlingProxyOptions) {
    this.#up = new Throttle(options.bytesPerSecond ?? null);
    this.#down = new Throttle(options.bytesPerSecond ?? null);
    this.#server = createServer({ pauseOnConnect: true }, (client) => {
      this.#accept(client);
    });
  }

  /** @param port 0 takes a free one */
  static async start(options: ThrottlingProxyOptions, port = 0): Promise<ThrottlingProxy> {
    const proxy = new ThrottlingProxy(options);
    proxy.#server.listen(port, '127.0.0.1');
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
    if (!reachable) this.cutAll();
  }

  /** Resets every open connection. */
  cutAll(): void {
    for (const socket of this.#sockets) reset(socket);
  }

  async stop(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #accept(client: Socket): void {
    if (!this.#reachable) {
      client.resetAndDestroy();
      return;
    }
    this.connections++;
    const { target, cutAfterMs } = this.options;
    const server = connect(target.port, target.host);
    server.pause();
    const ends = [client, server];
    const timer =
      cutAfterMs === undefined
        ? undefined
        : setTimeout(() => {
            this.cuts++;
            for (const end of ends) reset(end);
          }, cutAfterMs);
    for (const end of ends) {
      this.#sockets.add(end);
      end.setNoDelay(true);
      // A reset on one side is the other side's end; nothing to report.
      end.on('error', () => undefined);
      end.on('close', () => {
        this.#sockets.delete(end);
        clearTimeout(timer);
        for (const other of ends) other.destroy();
      });
    }
    void this.#pump(
      client,
      server,
      this.#up,
      (bytes) => {
        this.clientBytes += bytes.length;
        this.options.onClientBytes?.(bytes);
      },
      (count) => {
        this.forwardedBytes += count;
      },
    );
    void this.#pump(
      server,
      client,
      this.#down,
      () => undefined,
      (count) => {
        this.answeredBytes += count;
      },
    );
  }

  /** Moves bytes one piece at a time, each when the rate allows it and the other side has taken the one before. */
  async #pump(
    from: Socket,
    to: Socket,
    throttle: Throttle,
    onRead: (bytes: Uint8Array) => void,
    onWritten: (count: number) => void,
  ): Promise<void> {
    try {
      for await (const bytes of from as AsyncIterable<Buffer>) {
        onRead(bytes);
        for (let at = 0; at < bytes.length; at += PIECE) {
          const piece = bytes.subarray(at, at + PIECE);
          await throttle.take(piece.length);
          if (to.destroyed) return;
          if (!to.write(piece)) await once(to, 'drain');
          onWritten(piece.length);
        }
      }
      to.end();
    } catch {
      // One of the two connections broke, which is what this proxy is for.
      from.destroy();
      to.destroy();
    }
  }
}

const PIECE = 8 * 1024;

/** A reset while the end is being sent fails (EINVAL), and Node then leaves the handle open, which spins for good. */
function reset(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
