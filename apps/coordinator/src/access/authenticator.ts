import { Database } from '@fedistl/persistence';
import { Injectable } from '@nestjs/common';
import { AccessError } from './access.errors';
import { hashOfToken, kindOfToken } from './bearer-token';
import { type PersonPrincipal, type Principal, type SitePrincipal } from './principal';

/** `lastUsedAt` of a person's token is written at most this often, in milliseconds. */
const lastUsedStepMs = 60_000;

/** Turns a bearer token into who holds it. Everything is looked up at each request, so a revocation is effective at once. */
@Injectable()
export class Authenticator {
  constructor(private readonly database: Database) {}

  /** @throws AccessError `ACCESS.NO_TOKEN`, `ACCESS.BAD_TOKEN` (unknown, expired or revoked), `SITE.REVOKED` */
  async authenticate(token: string | undefined): Promise<Principal> {
    if (token === undefined || token === '') {
      throw new AccessError('ACCESS.NO_TOKEN', 'expected a bearer token, got none');
    }
    const principal = await this.lookUp(token);
    if (principal === undefined) {
      throw new AccessError(
        'ACCESS.BAD_TOKEN',
        'expected a token in force, got one that is unknown, expired or revoked',
      );
    }
    return principal;
  }

  private async lookUp(token: string): Promise<Principal | undefined> {
    switch (kindOfToken(token)) {
      case 'person':
        return this.person(hashOfToken(token));
      case 'site':
        return this.site(hashOfToken(token));
      case undefined:
        return undefined;
    }
  }

  private async person(tokenHash: string): Promise<PersonPrincipal | undefined> {
    const now = new Date();
    const { people } = this.database.repositories;
    const found = await people.findValid(tokenHash, now);
    if (found === null) return undefined;
    if (found.lastUsedAt === null || now.getTime() - found.lastUsedAt.getTime() > lastUsedStepMs) {
      await people.noteUsed(found.id, now);
    }
    return { kind: 'person', id: found.id, name: found.name, role: found.role };
  }

  private async site(tokenHash: string): Promise<SitePrincipal | undefined> {
    const { sites } = this.database.repositories;
    const session = await sites.findSession(tokenHash, new Date());
    const site = session === null ? null : await sites.find(session.siteId);
    if (site === null) return undefined;
    if (site.state === 'revoked') {
      throw new AccessError('SITE.REVOKED', `expected a site in force, got ${site.siteId}, whose key was revoked`);
    }
    return { kind: 'site', siteId: site.siteId, state: site.state };
  }
}
