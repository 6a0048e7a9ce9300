import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { readTextFile } from '@fedistl/core/node';
import { ClientError } from '../../client.errors';
import { ROUTE_VARIABLES, type RouteConventions, type RouteSettings } from './route-settings';

/** A hospital's bundle of authorities has some hundred KiB. */
const LARGEST_FILE = 16 * 2 ** 20;

/**
 * Certificates that connections trust, in PEM: those that Node brings, those of the own file, and those of
 * `NODE_EXTRA_CA_CERTS`, which a list of our own would otherwise put out of force.
 *
 * @returns undefined without an own file: what Node trusts by itself
 * @throws ClientError `CLIENT.BAD_CA_FILE`; FileError
 */
export async function trustedCertificates(
  { caFile }: Pick<RouteSettings, 'caFile'>,
  { extraCaFile }: Pick<RouteConventions, 'extraCaFile'>,
): Promise<string[] | undefined> {
  if (caFile === null) return undefined;
  const own = await readCertificates(caFile, ROUTE_VARIABLES.caFile);
  const extra = extraCaFile === null ? [] : await readCertificates(extraCaFile, 'NODE_EXTRA_CA_CERTS');
  return [...rootCertificates, ...own, ...extra];
}

async function readCertificates(file: string, variable: string): Promise<string[]> {
  const text = await readTextFile(file, { maxBytes: LARGEST_FILE });
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) {
    const got = `${Buffer.byteLength(text)} bytes without one`;
    throw new ClientError('CLIENT.BAD_CA_FILE', `${variable}: ${file}: expected certificates in PEM, got ${got}`);
  }
  for (const [place, block] of blocks.entries()) {
    try {
      new X509Certificate(block);
    } catch (cause) {
      const message = `${variable}: ${file}: expected certificates in PEM, got one that cannot be read (number ${place + 1})`;
      throw new ClientError('CLIENT.BAD_CA_FILE', message, { cause });
    }
  }
  return blocks;
}
