import { randomBytes } from 'node:crypto';
import { type SiteId } from '@fedistl/core';
import { Identity, parsePublicIdentity } from '@fedistl/crypto';
import { type Site } from '@fedistl/persistence';
import { type ProposedAction, type Revocation, signMessage } from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { envelopeHash } from '../audit/envelope-hash';
import { type Actor, type Unit } from '../audit/unit-of-work';
import { SiteError } from './site.errors';

type RevokeSite = Extract<ProposedAction, { action: 'revoke-site' }>;

/** Ends a site's part in everything, from the next request on. Its key never comes back. */
@Injectable()
export class SiteRevocation {
  constructor(private readonly identity: Identity) {}

  /** @throws SiteError `SITE.NOT_FOUND`, `SITE.REVOKED` */
  async require({ repositories }: Unit, siteId: SiteId): Promise<Site> {
    const site = await repositories.sites.findForUpdate(siteId);
    if (site === null) throw new SiteError('SITE.NOT_FOUND', `expected a site, got ${siteId}, which did not enrol`);
    if (site.state !== 'revoked') return site;
    throw new SiteError('SITE.REVOKED', `expected a site in force, got ${siteId}, which is revoked already`);
  }

  async revoke(
    unit: Unit,
    { siteId, cause }: RevokeSite,
    { by, reason }: { by: Actor; reason: string },
  ): Promise<void> {
    const site = await this.require(unit, siteId);
    const { sites, records } = unit.repositories;
    await sites.save(Object.assign(site, { state: 'revoked', revokedAt: unit.now, revokeReason: reason } as const));
    await sites.endSessions(siteId);
    const message: Revocation = {
      type: 'revocation',
      version: 1,
      subject: { kind: 'site-key', siteId, keyFingerprint: parsePublicIdentity(site.identity).keyId },
      cause,
      reason,
      by: {
        role: by.role === 'reviewer' ? 'reviewer' : 'coordinator-admin',
        name: by.name,
        keyFingerprint: this.identity.keyId,
      },
      effectiveAt: unit.now.toISOString(),
      nonce: randomBytes(16).toString('hex'),
    };
    const envelope = signMessage(message, this.identity);
    const hash = envelopeHash(envelope);
    await records.add({ envelopeHash: hash, type: 'revocation', studyId: null, envelope, createdAt: unit.now });
    unit.record({ type: 'site-revoked', siteId, envelopeHash: hash });
    unit.announce({ type: 'site-revoked', siteId });
  }
}
