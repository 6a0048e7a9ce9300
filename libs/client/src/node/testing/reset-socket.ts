import { type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/**
 * Breaks a connection as a failing line does, by a reset.
 *
 * A socket that is sending its end is destroyed instead: a reset of it fails (EINVAL), and Node then drops the socket with its
 * handle open. The handle keeps the event loop alive and spinning for good. TLS knows no reset.
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded || socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}
