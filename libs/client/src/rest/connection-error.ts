import { DomainError } from '@fedistl/core';
import { ClientError } from '../client.errors';

export interface Attempt {
  /** The call, for messages: `GET /site`. */
  readonly what: string;
  /** Who was to be reached: host and port. */
  readonly peer: string;
}

/**
 * An error of a connection in our own words; errors of our own pass through. `fetch failed` says nothing: the system's word
 * (ECONNREFUSED, ENOTFOUND, a certificate's fault) stands in the cause.
 *
 * @param otherwise what it is when the system's word says neither: the connection was there, or it never was
 */
export function connectionError(
  cause: unknown,
  { what, peer }: Attempt,
  otherwise: 'CLIENT.UNREACHABLE' | 'CLIENT.CUT',
): DomainError {
  const inner = memberOf(cause, 'cause') ?? cause;
  if (cause instanceof DomainError) return cause;
  if (inner instanceof DomainError) return inner;
  const word = wordOf(inner);
  if (UNKNOWN_AUTHORITY.has(word)) {
    const message = `expected a certificate of ${peer} by an authority that this machine knows, got ${word}; name your own authority in FEDISTL_CA_FILE`;
    return new ClientError('CLIENT.TLS_NOT_TRUSTED', `${what}: ${message}`, { cause });
  }
  if (BAD_CERTIFICATE.has(word)) {
    const message = `expected a valid certificate of ${peer}, got ${word}`;
    return new ClientError('CLIENT.TLS_NOT_TRUSTED', `${what}: ${message}`, { cause });
  }
  if (otherwise === 'CLIENT.UNREACHABLE' || NO_CONNECTION.has(word)) {
    return new ClientError('CLIENT.UNREACHABLE', `${what}: cannot reach ${peer}: ${word}`, { cause });
  }
  return new ClientError('CLIENT.CUT', `${what}: the connection to ${peer} broke: ${word}`, { cause });
}

/** The system's word for what went wrong, or the message. */
export function wordOf(cause: unknown): string {
  const code = memberOf(cause, 'code');
  if (typeof code === 'string') return code;
  const message = memberOf(cause, 'message');
  return typeof message === 'string' ? message.slice(0, 200) : 'the connection failed';
}

/** Not by `instanceof Error`: a system error may come from another realm. */
function memberOf(value: unknown, name: 'cause' | 'code' | 'message'): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

const NO_CONNECTION = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);

/** Of Node's TLS (X509 certificate error codes): nobody on this machine vouches for who signed. */
const UNKNOWN_AUTHORITY = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_UNTRUSTED',
  'INVALID_CA',
]);

/** The certificate itself is wrong, whoever signed. */
const BAD_CERTIFICATE = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_REJECTED',
  'CERT_SIGNATURE_FAILURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
]);
