import { concatBytes, utf8 } from '../encoding/bytes';
import { KeyError } from '../crypto.errors';
import { sha256 } from '../hash/sha256';
import { type PublicIdentity } from './public-identity';

/** Number of 5-digit groups: 40 digits carry 132 bits, beyond the reach of a search for a second key that matches. */
const groups = 8;
const groupDigits = 5;

/**
 * The number that two people read to each other at enrolment: eight groups of five digits, such as
 * `04512 88213 ...`. Digits, because they read the same in every language and over a bad telephone line.
 *
 * It is SHA-256("fedistl/v1/fingerprint\n" | signing key | box key) as a big-endian number, modulo 10^40, so it stands
 * for both keys; the remainder's bias is below 2^-120. The name is not in it: the people compare that themselves.
 */
export function fingerprintOf(identity: Pick<PublicIdentity, 'signingKey' | 'boxKey'>): string {
  const digest = sha256(concatBytes(utf8('fedistl/v1/fingerprint\n'), identity.signingKey, identity.boxKey));
  let value = 0n;
  for (const byte of digest) value = (value << 8n) | BigInt(byte);
  const digits = (value % 10n ** BigInt(groups * groupDigits)).toString().padStart(groups * groupDigits, '0');
  return Array.from({ length: groups }, (_, i) => digits.slice(i * groupDigits, (i + 1) * groupDigits)).join(' ');
}

/**
 * A fingerprint as a person typed it, in the form of `fingerprintOf`: any spaces, dashes and dots between the digits, and
 * full-width digits as Japanese and Korean keyboards give them, are taken.
 *
 * @throws KeyError `KEY.INVALID_FINGERPRINT` when there are not 40 digits, or something else between them
 */
export function parseFingerprint(text: string): string {
  const digits = text.normalize('NFKC').replace(/[\s.\-\u2010-\u2015\u30fc]/gu, '');
  if (!/^[0-9]{40}$/.test(digits)) {
    throw new KeyError(
      'KEY.INVALID_FINGERPRINT',
      `fingerprint: expected ${groups} groups of ${groupDigits} digits, got ${digits.length} characters`,
    );
  }
  return digits.replace(/(.{5})(?!$)/g, '$1 ');
}

/** Whether a fingerprint as read or typed belongs to this identity. */
export function matchesFingerprint(text: string, identity: PublicIdentity): boolean {
  return parseFingerprint(text) === fingerprintOf(identity);
}
