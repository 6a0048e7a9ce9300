import { type Server } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type Readiness } from './health/readiness';
import { type SocketServer } from './sockets/socket-server';

export interface StopOptions {
  readonly readiness: Readiness;
  readonly sockets: SocketServer;
  /** How long requests that run may go on. */
  readonly waitMs: number;
}

/**
 * Stops taking connections, lets sockets go, lets the requests that run end, and cuts what is left after `waitMs`: long
 * uploads and downloads, which go on where they were at the next start.
 */
export async function stopGracefully(server: Server, { readiness, sockets, waitMs }: StopOptions): Promise<void> {
  readiness.stop();
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  sockets.close();
  server.closeIdleConnections();
  const waiting = new AbortController();
  const cut = delay(waitMs, undefined, { signal: waiting.signal, ref: false }).then(
    () => {
      server.closeAllConnections();
    },
    () => undefined,
  );
  await Promise.race([closed, cut]);
  waiting.abort();
  server.closeAllConnections();
}
