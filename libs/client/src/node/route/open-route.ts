import { type Agent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type Fetch } from '../../rest/fetch';
import { agentFetch } from './agent-fetch';
import { forwardProxy, type ForwardProxy } from './forward-proxy';
import { parseNoProxy } from './no-proxy';
import { guardedTunnels } from './guarded-tunnels';
import { ROUTE_VARIABLES, type RouteConventions, type RouteSettings } from './route-settings';
import { trustedCertificates } from './trusted-certificates';
import { HttpsTunnelAgent, HttpTunnelAgent, KEPT } from './tunnel-agent';

/** The way out of this machine: straight, or through a forward proxy. Calls, transfers and sockets all take it. */
export interface Route {
  readonly fetch: Fetch;
  /** For transfers and sockets; undefined where Node's own will do. */
  agentFor(url: string): Agent | undefined;
  /** Address of the proxy that an address is reached through, without user and password; null when straight. */
  proxyFor(url: string): string | null;
  /** Ends connections that are kept for later. */
  close(): void;
}

/** Longest wait for a proxy to open a tunnel, ms; shorter than the time limit of a call, so that the proxy is named. */
const TUNNEL_MS = 20_000;

/**
 * Opens the way that the settings tell. Own settings go before the conventional variables, each by itself; files are read here
 * once, so that a wrong one is told at the start.
 *
 * @throws ClientError `CLIENT.BAD_PROXY`, `CLIENT.BAD_CA_FILE`; FileError; KeyFileError
 */
export async function openRoute(settings: RouteSettings, conventions: RouteConventions): Promise<Route> {
  const ca = await trustedCertificates(settings, conventions);
  const straight = parseNoProxy(settings.noProxy ?? conventions.noProxy ?? '');
  const proxies = {
    'https:': proxyOf(settings, conventions, 'https:'),
    'http:': proxyOf(settings, conventions, 'http:'),
  };
  for (const proxy of Object.values(proxies)) await proxy?.credentials();
  const guards = { ca, timeoutMs: TUNNEL_MS };
  const [https, http] = [proxies['https:'], proxies['http:']];
  const secure = https === null ? null : new HttpsTunnelAgent(guardedTunnels(https, guards), ca);
  const plain = http === null ? null : new HttpTunnelAgent(guardedTunnels(http, guards));
  const trusting = ca === undefined ? null : new HttpsAgent({ ...KEPT, ca });
  const proxyFor = (url: string): ForwardProxy | null => {
    const parsed = new URL(url);
    return straight(parsed) ? null : proxies[parsed.protocol === 'https:' ? 'https:' : 'http:'];
  };
  const agentFor = (url: string): Agent | undefined => {
    const isSecure = url.startsWith('https:');
    if (proxyFor(url) !== null) return (isSecure ? secure : plain) ?? undefined;
    return isSecure ? (trusting ?? undefined) : undefined;
  };
  const fetchByAgent = agentFetch(agentFor);
  return {
    fetch: (url, request) => (agentFor(url) === undefined ? fetch(url, request) : fetchByAgent(url, request)),
    agentFor,
    proxyFor: (url) => proxyFor(url)?.url.origin ?? null,
    close: () => {
      for (const agent of [secure, plain, trusting]) agent?.destroy();
    },
  };
}

function proxyOf(
  { proxy, proxyCredentialsFile }: RouteSettings,
  { httpsProxy, httpProxy }: RouteConventions,
  protocol: 'https:' | 'http:',
): ForwardProxy | null {
  const credentialsFile = proxyCredentialsFile;
  if (proxy === 'none') return null;
  if (proxy !== null) return forwardProxy({ variable: ROUTE_VARIABLES.proxy, address: proxy, credentialsFile });
  const conventional = protocol === 'https:' ? httpsProxy : httpProxy;
  if (conventional === null) return null;
  const variable = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  return forwardProxy({ variable, address: conventional, credentialsFile });
}
