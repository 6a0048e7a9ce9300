import nacl from 'tweetnacl';
import { hkdf } from '@noble/hashes/hkdf';
import { sha256 } from '@noble/hashes/sha2';
import { concatBytes, utf8 } from '../encoding/bytes';
import { KeyError } from '../crypto.errors';
import { type Identity } from './identity';
import { type PublicIdentity } from './public-identity';
import { randomBytes, type RandomSource } from './random';

const overhead = nacl.secretbox.nonceLength + nacl.secretbox.overheadLength;

export interface SealBoxOptions {
  readonly sender: Identity;
  readonly recipient: PublicIdentity;
  /** What the message is for, such as `fedistl/v1/share`: a box sealed for one purpose opens for no other. */
  readonly purpose: string;
  readonly random?: RandomSource;
}

export interface OpenBoxOptions {
  readonly sender: PublicIdentity;
  readonly recipient: Identity;
  readonly purpose: string;
}

/**
 * Encrypts a message that only `recipient` can read and only `sender` (or the recipient) can have made.
 * Result: 24-byte random nonce, then XSalsa20-Poly1305 (NaCl secretbox) of the message: 40 bytes longer than it.
 *
 * The key is HKDF-SHA256 of the X25519 secret with purpose, direction and both public keys as info, so that a box can
 * be neither sent back to its author nor opened in another place of the protocol.
 */
export function sealBox(message: Uint8Array, options: SealBoxOptions): Uint8Array {
  const { sender, recipient, purpose, random = randomBytes } = options;
  const key = boxKey(sender.agree(recipient.boxKey), sender.public, recipient, purpose);
  const nonce = random(nacl.secretbox.nonceLength);
  return concatBytes(nonce, nacl.secretbox(message, nonce, key));
}

/** The message, or `undefined` when the box was not sealed by `sender` for `recipient` and `purpose`, or was changed. */
export function openBox(box: Uint8Array, options: OpenBoxOptions): Uint8Array | undefined {
  const { sender, recipient, purpose } = options;
  if (box.length < overhead) return undefined;
  const key = boxKey(recipient.agree(sender.boxKey), sender, recipient.public, purpose);
  const nonce = box.subarray(0, nacl.secretbox.nonceLength);
  return nacl.secretbox.open(box.subarray(nacl.secretbox.nonceLength), nonce, key) ?? undefined;
}

function boxKey(shared: Uint8Array, sender: PublicIdentity, recipient: PublicIdentity, purpose: string): Uint8Array {
  if (!/^[a-z0-9/-]{1,64}$/.test(purpose)) {
    throw new KeyError('KEY.INVALID_PURPOSE', "purpose: expected 1 to 64 characters of a-z, 0-9, '/' and '-'");
  }
  const info = concatBytes(utf8(`fedistl/v1/box\n${purpose}\n`), sender.boxKey, recipient.boxKey);
  return hkdf(sha256, shared, undefined, info, nacl.secretbox.keyLength);
}
