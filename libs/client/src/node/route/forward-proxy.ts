import { readUnlockSecret } from '@fedistl/crypto/node';
import { ClientError } from '../../client.errors';
import { ROUTE_VARIABLES } from './route-settings';

/** A forward proxy that opens tunnels by CONNECT. */
export interface ForwardProxy {
  readonly url: URL;
  /** How messages name it: its address without user and password, and the setting that it comes from. */
  readonly label: string;
  /** `user:password`, read anew for each tunnel, so that a corrected file counts without a restart; null for none. */
  readonly credentials: () => Promise<string | null>;
}

export interface ProxySource {
  /** Variable that the address stands in. */
  readonly variable: string;
  readonly address: string;
  readonly credentialsFile: string | null;
}

/**
 * The proxy at an address. In the own setting user and password are refused: they belong in a file. In the conventional ones
 * they are usual, and are taken where there is no file.
 *
 * @throws ClientError `CLIENT.BAD_PROXY`; the message holds neither user nor password
 */
export function forwardProxy({ variable, address, credentialsFile }: ProxySource): ForwardProxy {
  const example = 'an address such as http://proxy.example.org:3128';
  // The conventional variables often have no scheme.
  const text = variable === ROUTE_VARIABLES.proxy || address.includes('://') ? address : `http://${address}`;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || url.hostname === '') {
    throw new ClientError('CLIENT.BAD_PROXY', `${variable}: expected ${example}, got something else`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ClientError('CLIENT.BAD_PROXY', `${variable}: expected ${example}, got the scheme ${url.protocol}`);
  }
  const hasUser = url.username !== '' || url.password !== '';
  if (hasUser && variable === ROUTE_VARIABLES.proxy) {
    const place = ROUTE_VARIABLES.proxyCredentialsFile;
    throw new ClientError('CLIENT.BAD_PROXY', `${variable}: expected no user and password; put them in ${place}`);
  }
  const own = hasUser ? `${decoded(url.username, variable)}:${decoded(url.password, variable)}` : null;
  return {
    url: new URL(url.origin),
    label: `${url.origin} (${variable})`,
    credentials: () => (credentialsFile === null ? Promise.resolve(own) : readCredentials(credentialsFile)),
  };
}

/** @throws ClientError `CLIENT.BAD_PROXY`; KeyFileError `KEY_FILE.UNREADABLE`, `KEY_FILE.PERMISSIONS` */
export async function readCredentials(file: string): Promise<string> {
  const unlock = await readUnlockSecret(file);
  const text = unlock.kind === 'secret' ? Buffer.from(unlock.secret).toString('utf8') : '';
  // RFC 7617: no colon in the user's name, no control character anywhere.
  if (/^[^:\p{Cc}]+:\P{Cc}*$/u.test(text)) return text;
  throw new ClientError('CLIENT.BAD_PROXY', `${file}: expected one line user:password, got something else`);
}

function decoded(text: string, variable: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ClientError('CLIENT.BAD_PROXY', `${variable}: expected user and password in percent encoding`);
  }
}
