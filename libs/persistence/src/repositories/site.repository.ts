import { type SiteId } from '@fedistl/core';
import { type EntityManager } from 'typeorm';
import { EnrolmentCode } from '../entities/enrolment-code.entity';
import { SiteChallenge } from '../entities/site-challenge.entity';
import { SiteSession } from '../entities/site-session.entity';
import { Site } from '../entities/site.entity';
import { insertRow, type Row } from './row';

/** Sites, their enrolment codes, login challenges and sessions. */
export class SiteRepository {
  constructor(private readonly manager: EntityManager) {}

  find(siteId: SiteId): Promise<Site | null> {
    return this.manager.findOneBy(Site, { siteId });
  }

  /** The site's row, locked until the transaction ends. */
  findForUpdate(siteId: SiteId): Promise<Site | null> {
    return this.manager.findOne(Site, { where: { siteId }, lock: { mode: 'pessimistic_write' } });
  }

  list(): Promise<Site[]> {
    return this.manager.find(Site, { order: { siteId: 'ASC' } });
  }

  /** Adds the site, or changes these columns of it. */
  async save(site: Row<Site>): Promise<void> {
    await this.manager.save(Site, site);
  }

  async insert(site: Row<Site>): Promise<void> {
    await insertRow(this.manager, Site, site);
  }

  /** Notes a sign of life. */
  async noteSeen(siteId: SiteId, seen: Partial<Pick<Site, 'capabilities' | 'activity'>> & { at: Date }): Promise<void> {
    const { at, ...rest } = seen;
    await this.manager.update(Site, { siteId }, { lastSeenAt: at, ...(rest as object) });
  }

  async addCode(code: Row<EnrolmentCode>): Promise<void> {
    await insertRow(this.manager, EnrolmentCode, code);
  }

  /** Uses a code up; null when there is none, or it was used, or it is past its time. At most one caller gets it. */
  async takeCode(codeHash: string, at: Date): Promise<EnrolmentCode | null> {
    const { affected } = await this.manager
      .createQueryBuilder()
      .update(EnrolmentCode)
      .set({ usedAt: at })
      .where('code_hash = :codeHash AND used_at IS NULL AND expires_at > :at', { codeHash, at })
      .execute();
    return affected === 1 ? this.manager.findOneBy(EnrolmentCode, { codeHash }) : null;
  }

  async addChallenge(challenge: Row<SiteChallenge>): Promise<void> {
    await insertRow(this.manager, SiteChallenge, challenge);
  }

  /** Uses a challenge up; null as `takeCode`. */
  async takeChallenge(challengeHash: string, at: Date): Promise<SiteChallenge | null> {
    const { affected } = await this.manager
      .createQueryBuilder()
      .update(SiteChallenge)
      .set({ usedAt: at })
      .where('challenge_hash = :challengeHash AND used_at IS NULL AND expires_at > :at', { challengeHash, at })
      .execute();
    return affected === 1 ? this.manager.findOneBy(SiteChallenge, { challengeHash }) : null;
  }

  async addSession(session: Row<SiteSession>): Promise<void> {
    await insertRow(this.manager, SiteSession, session);
  }

  /** The session of a token that has not expired. Look at the site's state as well. */
  async findSession(tokenHash: string, at: Date): Promise<SiteSession | null> {
    const session = await this.manager.findOneBy(SiteSession, { tokenHash });
    return session !== null && session.expiresAt > at ? session : null;
  }

  async endSessions(siteId: SiteId): Promise<void> {
    await this.manager.delete(SiteSession, { siteId });
  }

  /** Deletes sessions and challenges that ended before `at`. */
  async deleteExpired(at: Date): Promise<void> {
    for (const target of [SiteSession, SiteChallenge]) {
      await this.manager.createQueryBuilder().delete().from(target).where('expires_at < :at', { at }).execute();
    }
  }
}
