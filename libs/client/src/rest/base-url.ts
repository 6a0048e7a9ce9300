import { ClientError } from '../client.errors';

/**
 * A coordinator's address without a slash at its end: `https://host`, with port and path where they are needed. Plain http is
 * taken for loopback addresses, and elsewhere only when asked for: a bearer token travels in it.
 *
 * @throws ClientError `CLIENT.BAD_ADDRESS`
 */
export function parseBaseUrl(text: string, { allowPlainHttp = false } = {}): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch (cause) {
    throw new ClientError('CLIENT.BAD_ADDRESS', `expected an address such as https://coordinator.example.org`, {
      cause,
    });
  }
  const loopback = ['localhost', '[::1]'].includes(url.hostname) || /^127(\.\d+){3}$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && (loopback || allowPlainHttp))) {
    throw new ClientError(
      'CLIENT.BAD_ADDRESS',
      `expected an https address (http is taken for this very machine only), got ${url.protocol}//${url.host}`,
    );
  }
  if (url.username !== '' || url.search !== '' || url.hash !== '') {
    throw new ClientError('CLIENT.BAD_ADDRESS', 'expected an address without user, query and fragment');
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}
