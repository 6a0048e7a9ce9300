import { type BlobHash } from '@fedistl/core';
import { randomBytes, type RandomSource, sha256Hex, utf8 } from '@fedistl/crypto';
import { ProtocolError } from '../protocol.errors';

/** Crockford's base 32: no I, L, O and U, so that a code can be read over the telephone. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeLength = 20;

/** A new one-time code of 100 random bits, in groups of five: `7K2QF-9D0XM-...`. */
export function createEnrolmentCode(random: RandomSource = randomBytes): string {
  const letters = Array.from(random(codeLength), (byte) => alphabet.charAt(byte & 31));
  return letters.join('').replace(/(.{5})(?!$)/g, '$1-');
}

/**
 * Hash under which a code is kept and named: SHA-256("fedistl/v1/enrolment-code\n" | the 20 letters). Case, spaces and
 * dashes do not matter; I and L are read as 1, O as 0.
 *
 * @throws ProtocolError `ENROLMENT.BAD_CODE` when the text cannot be a code
 */
export function enrolmentCodeHash(code: string): BlobHash {
  const letters = code.normalize('NFKC').toUpperCase().replace(/[\s-]/gu, '').replace(/[IL]/g, '1').replace(/O/g, '0');
  if (!/^[0-9A-HJKMNP-TV-Z]{20}$/.test(letters)) {
    throw new ProtocolError(
      'ENROLMENT.BAD_CODE',
      `expected an enrolment code of ${codeLength} letters and digits, got ${letters.length} characters`,
    );
  }
  return sha256Hex(utf8(`fedistl/v1/enrolment-code\n${letters}`)) as BlobHash;
}
