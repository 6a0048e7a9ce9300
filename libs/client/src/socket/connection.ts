import { io, type Socket } from 'socket.io-client';
import { parseBaseUrl } from '../rest/base-url';
import { type TokenSource } from '../rest/token-source';

export interface SocketOptions {
  readonly baseUrl: string;
  readonly allowPlainHttp?: boolean;
  readonly tokens: TokenSource;
  /** Agent of Node's http that makes the connections, as a route's `agentFor` gives it; default: straight. Not in a browser. */
  readonly agent?: object | undefined;
  /** The connection is there, or gone; nobody has to act on it. */
  readonly onConnected?: (connected: boolean) => void;
}

/** Longest wait before the next try to connect, ms. */
const LONGEST_WAIT_MS = 30_000;

/**
 * A socket of one namespace that comes back for ever: after a cut, a refused token (another is asked for), and a server that
 * closed it. The base address may have a path: the engine's own path is put behind it.
 */
export function openSocket(namespace: string, options: SocketOptions): Socket {
  const base = new URL(parseBaseUrl(options.baseUrl, { allowPlainHttp: options.allowPlainHttp === true }));
  let refusedToken: string | undefined;
  let sentToken: string | undefined;
  // The library's own types know no agent that is an object.
  const agent: object = options.agent === undefined ? {} : { agent: options.agent };
  const socket = io(`${base.origin}${namespace}`, {
    path: `${base.pathname.replace(/\/$/, '')}/socket.io`,
    ...agent,
    forceNew: true,
    reconnectionDelay: 500,
    reconnectionDelayMax: LONGEST_WAIT_MS,
    // Asked for anew at each try, so that a token that ended while the line was down does no harm.
    auth: (send) => {
      const asked = refusedToken === undefined ? options.tokens.token() : options.tokens.renew(refusedToken);
      asked.then(
        (token) => {
          refusedToken = undefined;
          sentToken = token ?? undefined;
          send({ token: token ?? '' });
        },
        // No token to be had now: the handshake is refused and tried again.
        () => {
          send({ token: '' });
        },
      );
    },
  });
  let retry: ReturnType<typeof setTimeout> | undefined;
  // After a refused handshake or the server's own disconnect the library does not come back by itself.
  const comeBack = (): void => {
    if (socket.active) return;
    clearTimeout(retry);
    retry = setTimeout(() => socket.connect(), LONGEST_WAIT_MS * (0.1 + 0.4 * Math.random()));
  };
  socket.on('connect', () => options.onConnected?.(true));
  socket.on('disconnect', (reason) => {
    options.onConnected?.(false);
    if (reason === 'io client disconnect') clearTimeout(retry);
    else comeBack();
  });
  socket.on('connect_error', () => {
    refusedToken = sentToken;
    comeBack();
  });
  return socket;
}
