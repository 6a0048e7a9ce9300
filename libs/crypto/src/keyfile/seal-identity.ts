import { canonicalBytes } from '@fedistl/core';
import { hkdf } from '@noble/hashes/hkdf';
import { sha256 } from '@noble/hashes/sha2';
import nacl from 'tweetnacl';
import { concatBytes } from '../encoding/bytes';
import { KeyFileError } from '../crypto.errors';
import { Identity } from '../identity/identity';
import { randomBytes, type RandomSource } from '../identity/random';
import { samePublicIdentity } from '../identity/public-identity';
import { type SealedIdentity, sealedHeader } from './sealed-identity';
import { checkScryptParameters, passphraseCost, portableScrypt, saltLength, type Scrypt, secretCost } from './scrypt';
import { unlockBytes, type UnlockSecret } from './unlock-secret';

export interface SealOptions {
  readonly scrypt?: Scrypt;
  readonly random?: RandomSource;
  /** scrypt's N. Default: 2^17 for a passphrase, 2^14 for a random secret. */
  readonly cost?: number;
}

const { nonceLength } = nacl.secretbox;

/** Seals an identity's secrets for storage. @throws KeyFileError as `unlockBytes`, and `KEY_FILE.KDF` */
export async function sealIdentity(
  identity: Identity,
  unlock: UnlockSecret,
  options: SealOptions = {},
): Promise<SealedIdentity> {
  const { scrypt = portableScrypt, random = randomBytes } = options;
  const N = options.cost ?? (unlock.kind === 'passphrase' ? passphraseCost : secretCost);
  const kdf = checkScryptParameters({ N, r: 8, p: 1, salt: random(saltLength) });
  const header = { public: identity.public, unlock: unlock.kind, kdf };
  const { signingSeed, boxSecret } = identity.exportSecrets();
  const nonce = random(nonceLength);
  const box = nacl.secretbox(concatBytes(signingSeed, boxSecret), nonce, await boxKey(header, unlock, scrypt));
  return { ...header, sealed: concatBytes(nonce, box) };
}

/**
 * @throws KeyFileError `KEY_FILE.LOCKED` when the secret is not the right one or the file was changed,
 *   `KEY_FILE.UNLOCK_KIND` when it takes the other kind of secret
 */
export async function openSealedIdentity(
  file: SealedIdentity,
  unlock: UnlockSecret,
  options: Pick<SealOptions, 'scrypt'> = {},
): Promise<Identity> {
  if (file.unlock !== unlock.kind) {
    throw new KeyFileError('KEY_FILE.UNLOCK_KIND', `expected a ${file.unlock} for this key file, got a ${unlock.kind}`);
  }
  const key = await boxKey(file, unlock, options.scrypt ?? portableScrypt);
  const nonce = file.sealed.subarray(0, nonceLength);
  const opened =
    nonce.length === nonceLength ? nacl.secretbox.open(file.sealed.subarray(nonceLength), nonce, key) : null;
  if (opened?.length !== 64) throw locked(unlock.kind);
  const identity = Identity.fromSecrets(file.public.name, {
    signingSeed: opened.subarray(0, 32),
    boxSecret: opened.subarray(32),
  });
  if (!samePublicIdentity(identity.public, file.public)) throw locked(unlock.kind);
  return identity;
}

/** The header goes into the key, so that a box opens under no other name, public key or parameters. */
async function boxKey(
  header: Omit<SealedIdentity, 'sealed'>,
  unlock: UnlockSecret,
  scrypt: Scrypt,
): Promise<Uint8Array> {
  const stretched = await scrypt(unlockBytes(unlock), header.kdf);
  return hkdf(sha256, stretched, undefined, canonicalBytes(sealedHeader(header)), nacl.secretbox.keyLength);
}

function locked(kind: string): KeyFileError {
  return new KeyFileError('KEY_FILE.LOCKED', `expected the ${kind} that sealed this key file, and the file unchanged`);
}
