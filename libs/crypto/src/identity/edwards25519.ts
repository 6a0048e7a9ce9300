/**
 * What a byte string may encode on edwards25519 (RFC 8032 section 5.1): public knowledge only, so plain BigInt will do.
 */

const p = 2n ** 255n - 19n;
/** Order of the prime-order subgroup. */
const order = 2n ** 252n + 27742317777372353535851937790883648493n;
/** d of the curve -x^2 + y^2 = 1 + d x^2 y^2. */
const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

/** y of the eight points whose order divides 8; each encoding's sign bit is free. */
const smallOrderY = new Set([
  0n,
  1n,
  p - 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  55188659117513257062467267217118295137698188065244968500265048394206261417927n,
]);

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0);
  return value;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % p;
  for (let e = exponent; e > 0n; e >>= 1n) {
    if ((e & 1n) === 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}

/** y of a 32-byte point encoding, unreduced, without the sign bit. */
function encodedY(bytes: Uint8Array): bigint {
  return littleEndian(bytes) & (2n ** 255n - 1n);
}

/** Whether the 32 bytes encode a number below the group order, as S of a signature must. */
export function isReducedScalar(bytes: Uint8Array): boolean {
  return littleEndian(bytes) < order;
}

/** Whether the 32 bytes encode, canonically or not, one of the eight points of small order. */
export function isSmallOrder(bytes: Uint8Array): boolean {
  return smallOrderY.has(encodedY(bytes) % p);
}

/** Whether the 32 bytes encode a y below the field's prime, as the one canonical encoding of a point does. */
export function isReducedPoint(bytes: Uint8Array): boolean {
  return encodedY(bytes) < p;
}

/** Whether the 32 bytes are the canonical encoding of a point: y reduced, and x^2 = (y^2 - 1) / (d y^2 + 1) a square. */
export function isOnEdwardsCurve(bytes: Uint8Array): boolean {
  const y = encodedY(bytes);
  if (!isReducedPoint(bytes)) return false;
  const u = (y * y + p - 1n) % p;
  const v = (d * y * y + 1n) % p;
  if (u === 0n) return (bytes[31] ?? 0) >> 7 === 0; // x = 0 has no negative.
  return power(u * v, (p - 1n) / 2n) === 1n; // u/v and u*v are squares together.
}
