import { randomBytes } from 'node:crypto';
import { Identity, parsePublicIdentity, readPayload } from '@fedistl/crypto';
import { verifyEd25519Native } from '@fedistl/crypto/node';
import { Database, type Site } from '@fedistl/persistence';
import {
  type Answer,
  openMessage,
  type ParsedBody,
  parseMessage,
  ProtocolError,
  type SiteLogin,
} from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { createBearerToken, hashOfToken } from '../access/bearer-token';
import { InjectConfig } from '../config/inject-config';
import { type CoordinatorConfig } from '../config/read-config';
import { SiteError } from './site.errors';

/** Login of sites: a challenge, its signed answer, a short-lived token. */
@Injectable()
export class SiteSessionService {
  constructor(
    private readonly database: Database,
    private readonly identity: Identity,
    @InjectConfig() private readonly config: CoordinatorConfig,
  ) {}

  /** Given to unknown names as well, so that asking tells nothing about who takes part. */
  async challenge({ siteId }: ParsedBody<'challenge'>): Promise<Answer<'challenge'>> {
    const challenge = randomBytes(32).toString('hex');
    const expiresAt = new Date(Date.now() + this.config.challengeMs);
    const row = { challengeHash: hashOfToken(challenge), siteId, expiresAt, usedAt: null };
    await this.database.repositories.sites.addChallenge(row);
    return { challenge, expiresAt: expiresAt.toISOString() };
  }

  /** @throws SiteError `LOGIN.REFUSED`, `SITE.REVOKED` */
  async login({ envelope }: ParsedBody<'login'>): Promise<Answer<'login'>> {
    const claimed = parseMessage('site-login', readPayload(envelope));
    const { sites } = this.database.repositories;
    const site = await sites.find(claimed.siteId);
    const login = openLogin(site, envelope);
    if (login.coordinatorKey !== this.identity.keyId) {
      throw refused(`a login at this coordinator (key ${this.identity.keyId}), got one at ${login.coordinatorKey}`);
    }
    const taken = await sites.takeChallenge(hashOfToken(login.challenge), new Date());
    if (taken?.siteId !== login.siteId) {
      throw refused('a challenge of this site that is neither used nor past its time, got another');
    }
    if (site?.state === 'revoked') {
      throw new SiteError('SITE.REVOKED', `expected a site in force, got ${site.siteId}, whose key was revoked`);
    }
    return this.open(login);
  }

  private async open({ siteId }: SiteLogin): Promise<Answer<'login'>> {
    const token = createBearerToken('site');
    const createdAt = new Date();
    const expiresAt = new Date(createdAt.getTime() + this.config.sessionMs);
    await this.database.repositories.sites.addSession({ tokenHash: hashOfToken(token), siteId, createdAt, expiresAt });
    return { token, expiresAt: expiresAt.toISOString() };
  }
}

/** The verified login. An unknown site and a wrong key read the same. */
function openLogin(site: Site | null, envelope: ParsedBody<'login'>['envelope']): SiteLogin {
  const keys = site === null ? [] : [parsePublicIdentity(site.identity)];
  try {
    return openMessage('site-login', envelope, { keys, verify: verifyEd25519Native });
  } catch (error) {
    if (!(error instanceof ProtocolError && error.code === 'PROTOCOL.BAD_SIGNATURE')) throw error;
    throw refused('a login signed by the enrolled key of the site, got one that is not');
  }
}

function refused(expected: string): SiteError {
  return new SiteError('LOGIN.REFUSED', `expected ${expected}`);
}
