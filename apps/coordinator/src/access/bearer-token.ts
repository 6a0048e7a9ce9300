import { createHash, randomBytes } from 'node:crypto';

export type TokenKind = 'person' | 'site';

/** Prefixes, so that a token in the wrong place is recognised by people and by secret scanners. */
const prefixes: Readonly<Record<TokenKind, string>> = { person: 'fdp_', site: 'fds_' };

/** A new token of 256 random bits. */
export function createBearerToken(kind: TokenKind): string {
  return prefixes[kind] + randomBytes(32).toString('base64url');
}

/** What is kept of a token. It is random, so a plain SHA-256 is as good as any slow hash. */
export function hashOfToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** Undefined for what cannot be a token of ours. */
export function kindOfToken(token: string): TokenKind | undefined {
  if (!/^fd[ps]_[A-Za-z0-9_-]{43}$/.test(token)) return undefined;
  return token.startsWith(prefixes.person) ? 'person' : 'site';
}

/** The token of an `Authorization` header: undefined without one. */
export function bearerTokenOf(header: string | undefined): string | undefined {
  return /^Bearer ([^\s]{1,200})$/i.exec(header ?? '')?.[1];
}
