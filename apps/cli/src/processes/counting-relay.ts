import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A relay on loopback that counts every byte between a site and its coordinator, headers and all: what "bytes moved" means
 * must not depend on what either of them says.
 */
export class CountingRelay {
  /** From the site to the coordinator. */
  sent = 0;
  received = 0;
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  /** @param targetPort where the coordinator listens on loopback */
  static async start(targetPort: number): Promise<CountingRelay> {
    const server = createServer();
    const relay = new CountingRelay(server);
    server.on('connection', (site) => {
      relay.join(site, connect(targetPort, '127.0.0.1'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return relay;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(site: Socket, coordinator: Socket): void {
    for (const socket of [site, coordinator]) {
      this.sockets.add(socket);
      socket.once('close', () => {
        this.sockets.delete(socket);
        site.destroy();
        coordinator.destroy();
      });
      // Each end sees its own connection break; there is nobody to tell here.
      socket.on('error', () => socket.destroy());
    }
    site.on('data', (chunk: Buffer) => {
      this.sent += chunk.length;
    });
    coordinator.on('data', (chunk: Buffer) => {
      this.received += chunk.length;
    });
    site.pipe(coordinator);
    coordinator.pipe(site);
  }
}
