import { Agent as HttpAgent, type ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import { type Socket } from 'node:net';
import { type Duplex } from 'node:stream';
import { connect as tlsConnect } from 'node:tls';
import { type TunnelTarget } from './open-tunnel';

export type Tunnels = (target: TunnelTarget) => Promise<Socket>;
type OnConnection = (error: Error | null, connection: Duplex) => void;

/** As Node's own agents: a connection is kept for the next call as long as this, ms. */
export const KEPT = { keepAlive: true, timeout: 5000, scheduling: 'lifo' } as const;

/** Connections for http addresses, each through a tunnel. */
export class HttpTunnelAgent extends HttpAgent {
  constructor(private readonly open: Tunnels) {
    super(KEPT);
  }

  override createConnection(options: ClientRequestArgs, callback?: OnConnection): undefined {
    hand(this.open(targetOf(options, 80)), callback);
  }
}

/** Connections for https addresses: TLS with the coordinator itself, inside the tunnel. */
export class HttpsTunnelAgent extends HttpsAgent {
  /** @param ca trusted certificates; undefined for those of Node */
  constructor(
    private readonly open: Tunnels,
    private readonly ca: readonly string[] | undefined,
  ) {
    super(KEPT);
  }

  override createConnection(options: RequestOptions, callback?: OnConnection): undefined {
    const target = targetOf(options, 443);
    const secured = this.open(target).then((socket) =>
      tlsConnect({
        socket,
        host: target.host,
        servername: options.servername ?? target.host,
        ALPNProtocols: ['http/1.1'],
        ...(this.ca === undefined ? {} : { ca: [...this.ca] }),
      }),
    );
    hand(secured, callback);
  }
}

function targetOf({ host, port }: ClientRequestArgs, standard: number): TunnelTarget {
  return { host: host ?? 'localhost', port: Number(port ?? standard) };
}

/** Hands a connection over when it is there; a request that does not get one fails with the error. */
function hand(connection: Promise<Socket>, callback: OnConnection | undefined): void {
  connection.then(
    (socket) => callback?.(null, socket),
    (error: unknown) => {
      // Node looks at the error alone.
      (callback as ((error: unknown) => void) | undefined)?.(error);
    },
  );
}
