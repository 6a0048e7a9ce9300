import { type BlobHash } from '@fedistl/core';
import {
  type Envelope,
  fingerprintOf,
  Identity,
  parsePublicIdentity,
  type PublicIdentity,
  publicIdentityToJson,
  readPayload,
  samePublicIdentity,
} from '@fedistl/crypto';
import { verifyEd25519Native } from '@fedistl/crypto/node';
import { Database, EnrolmentCode, type Repositories, type Site } from '@fedistl/persistence';
import {
  type Answer,
  createEnrolmentCode,
  enrolmentCodeHash,
  openMessage,
  type ParsedBody,
  parseMessage,
  type SiteEnrolment,
} from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { Events } from '../events/events';
import { coordinatorCard } from '../identity/coordinator-card';
import { SiteError } from './site.errors';

/** How a hospital comes in: an administrator makes a code, the hospital's node answers with its key, an administrator approves. */
@Injectable()
export class EnrolmentService {
  constructor(
    private readonly database: Database,
    private readonly identity: Identity,
    private readonly events: Events,
  ) {}

  /** @throws SiteError `ENROLMENT.SITE_EXISTS` when the site is approved: revoke it first */
  async createCode(
    { siteId, displayName, validSeconds }: ParsedBody<'createEnrolmentCode'>,
    createdBy: string,
  ): Promise<Answer<'createEnrolmentCode'>> {
    const { sites } = this.database.repositories;
    refuseApproved(await sites.find(siteId));
    const code = createEnrolmentCode();
    const createdAt = new Date();
    const expiresAt = new Date(createdAt.getTime() + validSeconds * 1000);
    const codeHash = enrolmentCodeHash(code);
    await sites.addCode({ codeHash, siteId, displayName, createdBy, createdAt, expiresAt, usedAt: null });
    return { code, expiresAt: expiresAt.toISOString() };
  }

  /** Repeated with the same code and key, it answers the same: an answer may get lost. */
  async enrol({ code, envelope }: ParsedBody<'enrol'>): Promise<Answer<'enrol'>> {
    const codeHash = enrolmentCodeHash(code);
    const { message, identity } = openEnrolment(envelope, codeHash);
    const state = await this.database.transaction(async (repositories) => {
      const site = await repositories.sites.findForUpdate(message.siteId);
      const taken = await repositories.sites.takeCode(codeHash, new Date());
      if (taken === null) return this.repeated(site, { codeHash, identity });
      if (taken.siteId !== message.siteId) {
        throw new SiteError('ENROLMENT.WRONG_SITE', `expected the site of the code, got ${message.siteId}`);
      }
      refuseApproved(site);
      await refuseKnownKey(repositories, identity);
      await repositories.sites.save(newSite(taken, { envelope, identity }));
      return 'pending' as const;
    });
    this.events.publish({ type: 'site', siteId: message.siteId });
    return { siteId: message.siteId, state, coordinator: coordinatorCard(this.identity) };
  }

  /** The state of a site that enrolled with this very code and key before. */
  private async repeated(
    site: Site | null,
    { codeHash, identity }: { codeHash: BlobHash; identity: PublicIdentity },
  ): Promise<Site['state']> {
    if (site !== null && samePublicIdentity(parsePublicIdentity(site.identity), identity)) {
      const before = parseMessage('site-enrolment', readPayload(site.enrolmentEnvelope));
      if (before.codeHash === codeHash) return site.state;
    }
    const found = await this.database.source.manager.findOneBy(EnrolmentCode, { codeHash });
    if (found === null)
      throw new SiteError('ENROLMENT.CODE_UNKNOWN', 'expected a code of this coordinator, got another');
    if (found.usedAt !== null)
      throw new SiteError('ENROLMENT.CODE_USED', 'expected an unused code, got one that was used');
    throw new SiteError(
      'ENROLMENT.CODE_EXPIRED',
      `expected a code in force, got one that ended ${found.expiresAt.toISOString()}`,
    );
  }
}

/** Verifies the envelope under the key that it brings, and that it answers this code. */
function openEnrolment(envelope: Envelope, codeHash: BlobHash): { message: SiteEnrolment; identity: PublicIdentity } {
  const claimed = parseMessage('site-enrolment', readPayload(envelope));
  const identity = parsePublicIdentity(claimed.identity);
  const message = openMessage('site-enrolment', envelope, { keys: [identity], verify: verifyEd25519Native });
  if (message.codeHash !== codeHash) {
    throw new SiteError('ENROLMENT.CODE_MISMATCH', 'expected an envelope signed for this code, got one for another');
  }
  return { message, identity };
}

function refuseApproved(site: Site | null): void {
  if (site?.state !== 'approved') return;
  throw new SiteError('ENROLMENT.SITE_EXISTS', `expected a site that is not approved yet, got ${site.siteId}`);
}

/** One key is one site, and a key that was revoked never comes back. */
async function refuseKnownKey({ sites }: Repositories, identity: PublicIdentity): Promise<void> {
  const known = (await sites.list()).find(
    (site) => site.state !== 'pending' && parsePublicIdentity(site.identity).keyId === identity.keyId,
  );
  if (known === undefined) return;
  throw new SiteError('ENROLMENT.KEY_KNOWN', `expected a new key, got that of ${known.siteId} (${known.state})`);
}

function newSite(
  { siteId, displayName }: EnrolmentCode,
  { envelope, identity }: { envelope: Envelope; identity: PublicIdentity },
): Parameters<Repositories['sites']['save']>[0] {
  return {
    siteId,
    displayName,
    identity: publicIdentityToJson(identity),
    fingerprint: fingerprintOf(identity),
    enrolmentEnvelope: envelope,
    state: 'pending',
    enrolledAt: new Date(),
    approvedAt: null,
    approvedBy: null,
    revokedAt: null,
    revokeReason: null,
    lastSeenAt: null,
    capabilities: null,
    activity: null,
  };
}
