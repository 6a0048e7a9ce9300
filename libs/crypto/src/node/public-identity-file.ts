import { readTextFile } from '@fedistl/core/node';
import { KeyFileError } from '../crypto.errors';
import { parsePublicIdentity, type PublicIdentity } from '../identity/public-identity';
import { readKeyFile } from './key-file';

/** Longest key file or public identity, in bytes. */
const LONGEST_TEXT = 1 << 16;

/**
 * The public identity in a file: a key file's public half, or a public identity that somebody sent. A key file's is true
 * to its secrets only once `openKeyFile` has opened it.
 *
 * @throws KeyFileError `KEY_FILE.UNREADABLE`, `KEY_FILE.MALFORMED`, and those of the two formats
 */
export async function readPublicIdentityFile(path: string): Promise<PublicIdentity> {
  let value: unknown;
  try {
    value = JSON.parse(await readTextFile(path, { maxBytes: LONGEST_TEXT }));
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw new KeyFileError('KEY_FILE.MALFORMED', `${path}: expected a key file or a public identity in JSON`, {
        cause,
      });
    }
    throw new KeyFileError('KEY_FILE.UNREADABLE', `${path}: expected a readable file, got ${String(cause)}`, { cause });
  }
  const isKeyFile = typeof value === 'object' && value !== null && 'sealed' in value;
  return isKeyFile ? (await readKeyFile(path)).public : parsePublicIdentity(value);
}
