import { ClientError } from '../../client.errors';
import { openTunnel, type TunnelOptions } from './open-tunnel';
import { type ForwardProxy } from './forward-proxy';
import { type Tunnels } from './tunnel-agent';

/** How long user and password that a proxy refused are not shown to it again, ms. */
export const REFUSED_FOR_MS = 300_000;

/**
 * Opens tunnels, and does not tell a proxy over and over what it has refused: proxies that ask a directory have it lock the
 * account after a few wrong passwords. Other ones in the file count at once.
 */
export function guardedTunnels(
  proxy: ForwardProxy,
  options: Pick<TunnelOptions, 'ca' | 'timeoutMs'>,
  now: () => number = () => performance.now(),
): Tunnels {
  let refused: { readonly credentials: string; readonly error: ClientError; readonly until: number } | null = null;
  return async (target) => {
    const credentials = await proxy.credentials();
    if (refused !== null && refused.credentials === credentials && now() < refused.until) throw refused.error;
    try {
      return await openTunnel(target, { ...options, proxy, credentials });
    } catch (error) {
      if (credentials !== null && error instanceof ClientError && error.code === 'CLIENT.PROXY_CREDENTIALS') {
        refused = { credentials, error, until: now() + REFUSED_FOR_MS };
      }
      throw error;
    }
  };
}
