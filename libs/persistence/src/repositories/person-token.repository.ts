import { type EntityManager } from 'typeorm';
import { PersonToken } from '../entities/person-token.entity';
import { insertRow, type Row } from './row';

/** People's API tokens, by hash. */
export class PersonTokenRepository {
  constructor(private readonly manager: EntityManager) {}

  count(): Promise<number> {
    return this.manager.count(PersonToken);
  }

  list(): Promise<PersonToken[]> {
    return this.manager.find(PersonToken, { order: { createdAt: 'ASC', id: 'ASC' } });
  }

  find(id: string): Promise<PersonToken | null> {
    return this.manager.findOneBy(PersonToken, { id });
  }

  /** A token that is neither revoked nor expired. */
  async findValid(tokenHash: string, at: Date): Promise<PersonToken | null> {
    const token = await this.manager.findOneBy(PersonToken, { tokenHash });
    return token !== null && token.revokedAt === null && token.expiresAt > at ? token : null;
  }

  async insert(token: Row<PersonToken>): Promise<void> {
    await insertRow(this.manager, PersonToken, token);
  }

  async noteUsed(id: string, at: Date): Promise<void> {
    await this.manager.update(PersonToken, { id }, { lastUsedAt: at });
  }

  /** Whether there was such a token. */
  async revoke(id: string, at: Date): Promise<boolean> {
    const { affected } = await this.manager.update(PersonToken, { id }, { revokedAt: at });
    return affected === 1;
  }

  /** Makes callers one at a time until their transaction ends: the first start makes one token, not one a process. */
  async lock(): Promise<void> {
    await this.manager.query('SELECT pg_advisory_xact_lock(5151002)');
  }
}
