import { Database } from '@fedistl/persistence';
import { type Answer, type ParsedBody } from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { Events } from '../events/events';
import { newToken } from './new-token';
import { TokenError } from './person.errors';

/** Days that the token of the first start is valid: long enough to make a better one. */
const firstTokenDays = 30;

/** People's API tokens. Two tokens of one name are one person: four eyes are counted by name. */
@Injectable()
export class TokensService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
  ) {}

  async create(asked: ParsedBody<'createToken'>, createdBy: string): Promise<Answer<'createToken'>> {
    const { id, token, row } = newToken(asked, createdBy);
    await this.database.repositories.people.insert(row);
    return { id, token, expiresAt: row.expiresAt.toISOString() };
  }

  async list(): Promise<Answer<'listTokens'>> {
    const tokens = await this.database.repositories.people.list();
    return {
      tokens: tokens.map(({ id, name, role, createdAt, expiresAt, revokedAt, lastUsedAt }) => ({
        id,
        name,
        role,
        createdAt: createdAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        revokedAt: revokedAt?.toISOString() ?? null,
        lastUsedAt: lastUsedAt?.toISOString() ?? null,
      })),
    };
  }

  /** @throws TokenError `TOKEN.NOT_FOUND`, `TOKEN.LAST_ADMINISTRATOR` */
  async revoke(id: string): Promise<void> {
    await this.database.transaction(async ({ people }) => {
      await people.lock();
      const now = new Date();
      const valid = (await people.list()).filter((each) => each.revokedAt === null && each.expiresAt > now);
      const found = await people.find(id);
      if (found === null) throw new TokenError('TOKEN.NOT_FOUND', `expected a token, got ${id}, which does not exist`);
      const others = valid.filter((each) => each.role === 'administrator' && each.id !== id);
      if (found.role === 'administrator' && others.length === 0) {
        throw new TokenError('TOKEN.LAST_ADMINISTRATOR', 'expected another administrator to remain, got none');
      }
      if (found.revokedAt === null) await people.revoke(id, now);
    });
    this.events.publish({ type: 'token-revoked', tokenId: id });
  }

  /** The first administrator's token, made when there is no token at all; undefined on every later start. */
  async createFirst(): Promise<string | undefined> {
    return this.database.transaction(async ({ people }) => {
      await people.lock();
      if ((await people.count()) > 0) return undefined;
      const asked = { name: 'first administrator', role: 'administrator', validDays: firstTokenDays } as const;
      const { token, row } = newToken(asked, 'first start');
      await people.insert(row);
      return token;
    });
  }
}
