import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { resetSocket } from './reset-socket';
import { Throttle } from './throttle';

export interface TcpProxyOptions {
  readonly targetPort: number;
  /** Bytes a second, each direction by itself; unlimited unless given. */
  readonly bytesPerSecond?: number;
  /** Every connection is cut this often, ms; never unless given. */
  readonly cutEveryMs?: number;
  /** Keep a copy of everything that goes from client to server. */
  readonly record?: boolean;
}

/** A connection's bytes from client to server, in order. */
export interface Recording {
  readonly chunks: Buffer[];
}

/**
 * A TCP proxy on loopback between nodes and coordinator: it counts, slows down, cuts and records. It knows nothing of HTTP, so
 * what it records is what left.
 */
export class TcpProxy {
  readonly recordings: Recording[] = [];
  /** Bytes passed on so far: `up` from client to server. */
  readonly bytes = { up: 0, down: 0 };
  cuts = 0;
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private timer: NodeJS.Timeout | undefined;

  private constructor(
    private readonly server: Server,
    private readonly options: TcpProxyOptions,
  ) {}

  static async start(options: TcpProxyOptions): Promise<TcpProxy> {
    const server = createServer({ allowHalfOpen: true });
    const proxy = new TcpProxy(server, options);
    server.on('connection', (client) => {
      proxy.join(client);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    if (options.cutEveryMs !== undefined) {
      proxy.timer = setInterval(() => {
        proxy.cut();
      }, options.cutEveryMs);
    }
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Cuts every open connection, as a failing line does. */
  cut(): void {
    for (const [client, upstream] of this.pairs) {
      this.cuts += 1;
      resetSocket(client);
      upstream.destroy();
    }
    this.pairs.clear();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket): void {
    const upstream = connect(this.options.targetPort, '127.0.0.1');
    const pair = [client, upstream] as const;
    this.pairs.add(pair);
    const recording: Recording = { chunks: [] };
    if (this.options.record === true) this.recordings.push(recording);
    const end = (): void => {
      this.pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    // An error is the end of one connection; the peers see it on theirs.
    client.on('error', end).on('close', end);
    upstream.on('error', end).on('close', end);
    this.pass(client, upstream, (chunk) => {
      this.bytes.up += chunk.length;
      if (this.options.record === true) recording.chunks.push(chunk);
    });
    this.pass(upstream, client, (chunk) => {
      this.bytes.down += chunk.length;
    });
  }

  private pass(from: Socket, to: Socket, onChunk: (chunk: Buffer) => void): void {
    const { bytesPerSecond } = this.options;
    const throttled = bytesPerSecond === undefined ? from : from.pipe(new Throttle(bytesPerSecond));
    throttled.on('data', (chunk: Buffer) => {
      // A copy: the socket may use its buffer again.
      onChunk(Buffer.from(chunk));
      if (!to.writable) return;
      if (!to.write(chunk)) {
        throttled.pause();
        to.once('drain', () => throttled.resume());
      }
    });
    throttled.on('end', () => to.end());
    from.once('close', () => throttled.destroy());
  }
}
