import { type SiteId } from '@fedistl/core';
import { parseFingerprint, parsePublicIdentity } from '@fedistl/crypto';
import { Database, type Site } from '@fedistl/persistence';
import { type Answer, type ParsedBody } from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { InjectConfig } from '../config/inject-config';
import { type CoordinatorConfig } from '../config/read-config';
import { AuditTrail } from '../events/audit-trail';
import { Events } from '../events/events';
import { ConnectedSites } from '../sockets/connected-sites';
import { siteView } from './site-view';
import { SiteError } from './site.errors';

/** Sites as people and the sites themselves see them. */
@Injectable()
export class SitesService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly connected: ConnectedSites,
    private readonly ledger: AuditTrail,
    @InjectConfig() private readonly config: CoordinatorConfig,
  ) {}

  async list(): Promise<Answer<'listSites'>> {
    const sites = await this.database.repositories.sites.list();
    return { sites: sites.map((site) => siteView(site, this.connected.has(site.siteId))) };
  }

  /** @throws SiteError `SITE.NOT_FOUND` */
  async show(siteId: SiteId): Promise<Answer<'showSite'>> {
    return siteView(known(await this.database.repositories.sites.find(siteId), siteId), this.connected.has(siteId));
  }

  async self(siteId: SiteId): Promise<Answer<'siteSelf'>> {
    const { displayName, state } = known(await this.database.repositories.sites.find(siteId), siteId);
    return { siteId, displayName, state };
  }

  /**
   * Approves the key whose fingerprint the hospital read out. Approving twice is the same as once.
   *
   * @throws SiteError `SITE.FINGERPRINT_MISMATCH`, `SITE.REVOKED`, `SITE.NOT_FOUND`; KeyError `KEY.INVALID_FINGERPRINT`
   */
  async approve(
    siteId: SiteId,
    { fingerprint }: ParsedBody<'approveSite'>,
    by: string,
  ): Promise<Answer<'approveSite'>> {
    const asked = parseFingerprint(fingerprint);
    await this.database.transaction(async (repositories) => {
      const site = known(await repositories.sites.findForUpdate(siteId), siteId);
      if (site.state === 'revoked') {
        throw new SiteError('SITE.REVOKED', `expected a site that waits for approval, got ${siteId}, which is revoked`);
      }
      if (asked !== site.fingerprint) {
        throw new SiteError(
          'SITE.FINGERPRINT_MISMATCH',
          `expected the fingerprint of the key that ${siteId} enrolled with, got another: do not approve it`,
        );
      }
      if (site.state === 'approved') return;
      const at = new Date();
      await repositories.sites.save(
        Object.assign(site, { state: 'approved', approvedAt: at, approvedBy: by } as const),
      );
      const { keyId } = parsePublicIdentity(site.identity);
      await this.ledger.record(repositories, {
        type: 'site-enrolled',
        version: 1,
        at: at.toISOString(),
        siteId,
        keyFingerprint: keyId,
      });
    });
    this.events.publish({ type: 'site', siteId });
    return this.show(siteId);
  }

  /** A sign of life; also tells the console when the site does something else than before. */
  async heartbeat(siteId: SiteId, { activity, capabilities }: ParsedBody<'heartbeat'>): Promise<Answer<'heartbeat'>> {
    const { sites } = this.database.repositories;
    const before = known(await sites.find(siteId), siteId);
    const at = new Date();
    await sites.noteSeen(siteId, { at, activity, ...(capabilities === null ? {} : { capabilities }) });
    if (JSON.stringify(before.activity) !== JSON.stringify(activity)) this.events.publish({ type: 'site', siteId });
    return { serverTime: at.toISOString(), intervalSeconds: this.config.heartbeatSeconds };
  }
}

function known(site: Site | null, siteId: SiteId): Site {
  if (site === null) throw new SiteError('SITE.NOT_FOUND', `expected a site, got ${siteId}, which did not enrol`);
  return site;
}
