import { type IncomingMessage, type ServerResponse } from 'node:http';

/**
 * Middleware that cuts a request whose body has stopped coming, or whose answer is not taken, for `idleMs`. The time that
 * the coordinator itself works does not count, and neither does a transfer that is slow but moves: an upload of an hour is
 * welcome. What came before the cut is kept; the client goes on from there.
 */
export function cutWhenIdle(idleMs: number) {
  return (request: IncomingMessage, response: ServerResponse, next: () => void): void => {
    const { socket } = request;
    let seen = -1;
    let since = performance.now();
    const timer = setInterval(
      () => {
        const moved = socket.bytesRead + socket.bytesWritten;
        const waits = !request.complete || (response.headersSent && !response.writableFinished);
        if (moved !== seen || !waits) {
          seen = moved;
          since = performance.now();
        } else if (performance.now() - since >= idleMs) {
          socket.destroy();
        }
      },
      Math.max(50, idleMs / 4),
    );
    timer.unref();
    response.once('close', () => {
      clearInterval(timer);
    });
    next();
  };
}
