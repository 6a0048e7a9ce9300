import { type Socket } from 'node:net';

/**
 * Breaks a connection as a failing line does, by a reset.
 *
 * A socket that is sending its end is destroyed instead: a reset of it fails (EINVAL), and Node then drops the socket with its
 * handle open. The handle keeps the event loop alive and spinning for good.
 */
export function resetSocket(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
