import { concatBytes, utf8 } from '../encoding/bytes';
import { KeyFileError } from '../crypto.errors';

/** What opens a key file: a passphrase that a person types, or a secret that a machine keeps (a mounted file). */
export type UnlockSecret =
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  | { readonly kind: 'secret'; readonly secret: Uint8Array };

const minimumPassphraseLength = 12;
const minimumSecretLength = 32;

/**
 * The bytes that scrypt stretches. Passphrases are brought to Unicode NFKC first, so that one typed on another keyboard or
 * system is the same; the kind is part of the bytes, so that neither can stand in for the other.
 *
 * @throws KeyFileError `KEY_FILE.WEAK_PASSPHRASE` under 12 characters, `KEY_FILE.SHORT_SECRET` under 32 bytes
 */
export function unlockBytes(unlock: UnlockSecret): Uint8Array {
  if (unlock.kind === 'passphrase') {
    const passphrase = unlock.passphrase.normalize('NFKC');
    if (Array.from(passphrase).length < minimumPassphraseLength) {
      throw new KeyFileError(
        'KEY_FILE.WEAK_PASSPHRASE',
        `passphrase: expected at least ${minimumPassphraseLength} characters`,
      );
    }
    return utf8(`passphrase\n${passphrase}`);
  }
  if (unlock.secret.length < minimumSecretLength) {
    throw new KeyFileError(
      'KEY_FILE.SHORT_SECRET',
      `secret: expected at least ${minimumSecretLength} bytes, got ${unlock.secret.length}`,
    );
  }
  return concatBytes(utf8('secret\n'), unlock.secret);
}
