import { BlockList, isIP } from 'node:net';
import { ClientError } from '../../client.errors';

/** Whether an address is reached without the proxy. */
export type NoProxy = (url: URL) => boolean;

/**
 * Hosts that are reached without the proxy: names (`coordinator.example.org`, which stands for its subdomains too, as
 * `.example.org` and `*.example.org` do), addresses, networks (`10.0.0.0/8`), each with a port behind a colon where only that
 * is meant, or `*` for all. This very machine is always among them: a proxy elsewhere could not reach it.
 *
 * @param text entries with commas or spaces between
 * @throws ClientError `CLIENT.BAD_PROXY` for a network that is none
 */
export function parseNoProxy(text: string): NoProxy {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== '');
  const matchers = entries.map((entry) => matcher(entry.toLowerCase()));
  return (url) => {
    const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    return host === 'localhost' || contains(loopback, host) || matchers.some((matches) => matches(host, port));
  };
}

type Matcher = (host: string, port: string) => boolean;

function matcher(entry: string): Matcher {
  if (entry === '*') return () => true;
  if (entry.includes('/')) {
    const network = networkOf(entry);
    return (host) => contains(network, host);
  }
  const { name, port } = partsOf(entry);
  const wanted = name.replace(/^\*?\./, '');
  return (host, hostPort) => {
    if (port !== null && port !== hostPort) return false;
    return host === wanted || (isIP(host) === 0 && host.endsWith(`.${wanted}`));
  };
}

/** A colon is part of an IPv6 address, unless that stands in brackets. */
function partsOf(entry: string): { name: string; port: string | null } {
  if (isIP(entry) !== 0) return { name: entry, port: null };
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? [];
  const name = bracketed ?? plain;
  if (name === undefined) throw new ClientError('CLIENT.BAD_PROXY', `expected a host without proxy, got ${entry}`);
  return { name, port: port ?? null };
}

function networkOf(entry: string): BlockList {
  const [address = '', prefix = ''] = entry.split('/');
  const family = isIP(address);
  const bits = Number(prefix);
  if (family === 0 || !/^\d+$/.test(prefix) || bits > (family === 4 ? 32 : 128)) {
    throw new ClientError('CLIENT.BAD_PROXY', `expected a network without proxy such as 10.0.0.0/8, got ${entry}`);
  }
  const network = new BlockList();
  network.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  return network;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

function contains(network: BlockList, host: string): boolean {
  const family = isIP(host);
  return family !== 0 && network.check(host, family === 4 ? 'ipv4' : 'ipv6');
}
