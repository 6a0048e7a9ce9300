import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createServer, type Server } from 'node:tls';

export interface TlsFrontOptions {
  readonly key: string;
  readonly cert: string;
  /** The coordinator's, on loopback. */
  readonly targetPort: number;
}

/** The head of a call, and how many bytes its connection has sent since, those of the head included. */
export interface SeenCall {
  readonly method: string;
  readonly path: string;
  readonly uploadOffset: number | null;
  bytes: number;
}

/** TLS in front of a coordinator, as its reverse proxy would end it. It sees who connects, and what is called. */
export class TlsFront {
  /** Port of the other end of every connection. */
  readonly clientPorts: number[] = [];
  readonly calls: SeenCall[] = [];
  /** Told when a call begins and as its bytes come. */
  onCall: (call: SeenCall) => void = () => undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor({ key, cert, targetPort }: TlsFrontOptions) {
    this.#server = createServer({ key, cert }, (client) => {
      this.#join(client, connect(targetPort, '127.0.0.1'));
    });
    this.#server.on('connection', (socket: Socket) => this.clientPorts.push(socket.remotePort ?? 0));
    // A client that does not trust the certificate goes away in the handshake.
    this.#server.on('tlsClientError', () => undefined);
  }

  static async start(options: TlsFrontOptions): Promise<TlsFront> {
    const front = new TlsFront(options);
    front.#server.listen(0, '127.0.0.1');
    await once(front.#server, 'listening');
    return front;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(client: Socket, coordinator: Socket): void {
    for (const socket of [client, coordinator]) {
      this.#sockets.add(socket);
      // Each end sees its own connection break; there is nobody to tell here.
      socket.on('error', () => socket.destroy());
      socket.once('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        coordinator.destroy();
      });
    }
    let call: SeenCall | undefined;
    client.on('data', (chunk: Buffer) => {
      const head = headIn(chunk);
      if (head !== null) this.calls.push((call = head));
      if (call === undefined) return;
      call.bytes += chunk.length;
      this.onCall(call);
    });
    client.pipe(coordinator);
    coordinator.pipe(client);
  }
}

/** A client writes the head of a call at once, so that it stands at the beginning of what comes. */
function headIn(chunk: Buffer): SeenCall | null {
  const text = chunk.toString('latin1', 0, 8192);
  const [, method, path] = /^(GET|HEAD|POST|PUT|PATCH|DELETE) (\S+) HTTP\/1\.1\r\n/.exec(text) ?? [];
  if (method === undefined || path === undefined) return null;
  const offset = /\r\nupload-offset: (\d+)\r\n/i.exec(text)?.[1];
  return { method, path, uploadOffset: offset === undefined ? null : Number(offset), bytes: 0 };
}
