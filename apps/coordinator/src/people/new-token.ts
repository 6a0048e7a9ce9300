import { randomUUID } from 'node:crypto';
import { type PersonToken, type Row } from '@fedistl/persistence';
import { type ParsedBody } from '@fedistl/protocol';
import { createBearerToken, hashOfToken } from '../access/bearer-token';

export interface NewToken {
  readonly id: string;
  /** Shown once; only its hash is kept. */
  readonly token: string;
  readonly row: Row<PersonToken>;
}

/** @param createdBy name of a person, or how it came to be */
export function newToken({ name, role, validDays }: ParsedBody<'createToken'>, createdBy: string): NewToken {
  const token = createBearerToken('person');
  const id = randomUUID();
  const createdAt = new Date();
  const row = {
    id,
    tokenHash: hashOfToken(token),
    name,
    role,
    createdBy,
    createdAt,
    expiresAt: new Date(createdAt.getTime() + validDays * 86_400_000),
    revokedAt: null,
    lastUsedAt: null,
  };
  return { id, token, row };
}
