import { randomUUID } from 'node:crypto';
import { type SiteId } from '@fedistl/core';
import { faultPoint } from '@fedistl/core/node';
import { checkUpdateManifest, openUpdateBlob } from '@fedistl/aggregation';
import { openFileUpdateSource, readUpdateForm } from '@fedistl/aggregation/node';
import { type Envelope, parsePublicIdentity } from '@fedistl/crypto';
import { verifyEd25519Native } from '@fedistl/crypto/node';
import { BlobStore, Database, type RoundAttempt, type Study } from '@fedistl/persistence';
import { type Answer, openMessage, type UpdateManifest } from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { envelopeHash } from '../audit/envelope-hash';
import { UnitOfWork } from '../audit/unit-of-work';
import { knownStudy, lockStudy } from '../studies/lock-study';
import { RoundError } from './round.errors';
import { RoundTransitions } from './round-transitions';

/** Takes signed updates: every check that needs no pass over the blob, then the round's state machine. */
@Injectable()
export class UpdateIntake {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly work: UnitOfWork,
    private readonly transitions: RoundTransitions,
  ) {}

  /**
   * Takes an update whose blob is in the store. The same update again is acknowledged again.
   *
   * @param siteId who hands it in
   * @throws ProtocolError (signature, form), RoundError `ROUND.*`, UpdateError `UPDATE.*`
   */
  async submit(siteId: SiteId, envelope: Envelope): Promise<Answer<'submitUpdate'>> {
    const manifest = await this.open(siteId, envelope);
    const study = knownStudy(await this.database.repositories.studies.find(manifest.studyId), manifest.studyId);
    const attempt = await this.database.repositories.rounds.attempt(manifest, manifest.attempt);
    if (attempt === null) {
      const { generation, round, attempt: number } = manifest;
      throw new RoundError('ROUND.UNKNOWN', `expected a published attempt, got ${generation}.${round}.${number}`);
    }
    if (!(await this.isKnown(manifest, envelope))) await this.check(study, attempt, manifest);
    faultPoint('coordinator.update-stored');
    return { accepted: true, duplicate: await this.accept(manifest, envelope) };
  }

  private async open(siteId: SiteId, envelope: Envelope): Promise<UpdateManifest> {
    const site = await this.database.repositories.sites.find(siteId);
    if (site?.state !== 'approved') {
      throw new RoundError('ROUND.SITE_REVOKED', `expected an approved site, got ${siteId}`);
    }
    const keys = [parsePublicIdentity(site.identity)];
    const manifest = openMessage('update-manifest', envelope, { keys, verify: verifyEd25519Native });
    if (manifest.siteId === siteId) return manifest;
    throw new RoundError('ROUND.FOREIGN_UPDATE', `expected an update of ${siteId}, got one of ${manifest.siteId}`);
  }

  /** Whether this very envelope was taken before: its acknowledgement got lost. */
  private async isKnown(manifest: UpdateManifest, envelope: Envelope): Promise<boolean> {
    const { rounds } = this.database.repositories;
    const known = await rounds.update(manifest, manifest.attempt, manifest.siteId);
    return known !== null && known.envelopeHash === envelopeHash(envelope);
  }

  private async check(study: Study, attempt: RoundAttempt, manifest: UpdateManifest): Promise<void> {
    const { siteId, payload } = manifest;
    const { rounds } = this.database.repositories;
    if (await rounds.hasNonce(siteId, manifest.nonce)) {
      throw new RoundError('ROUND.REPLAYED', `expected a new nonce of ${siteId}, got one that it used before`);
    }
    const path = await this.blobs.localPath(attempt.manifest.studentHash as unknown as typeof payload.blobHash);
    const form = await readUpdateForm(study.plan, manifest.generation, path);
    const earlier = await rounds.updatesWithBlob(payload.blobHash);
    const foreign = earlier.some(
      (update) =>
        update.siteId !== siteId ||
        update.studyId !== manifest.studyId ||
        update.generation !== manifest.generation ||
        update.round !== manifest.round,
    );
    checkUpdateManifest(manifest, {
      round: attempt.manifest,
      plan: study.plan,
      planHash: study.planHash,
      parameters: form.parameters,
      centreLength: form.centreLength,
      wasSeen: () => foreign,
    });
    const blob = await this.database.repositories.blobs.find(payload.blobHash);
    if (blob?.purpose !== 'update' || blob.siteId !== siteId || !(await this.blobs.has(payload.blobHash))) {
      throw new RoundError(
        'ROUND.NO_BLOB',
        `expected ${payload.blobHash} uploaded as an update of ${siteId}, got none`,
      );
    }
    const source = await openFileUpdateSource(siteId, await this.blobs.localPath(payload.blobHash));
    try {
      await openUpdateBlob(source, payload);
    } finally {
      await source.close();
    }
  }

  /** @returns whether it had been accepted before */
  private accept(manifest: UpdateManifest, envelope: Envelope): Promise<boolean> {
    const { siteId, studyId, generation, round, attempt, payload } = manifest;
    const { blobHash } = payload;
    return this.work.run(async (unit) => {
      const study = await lockStudy(unit.repositories, studyId);
      const key = { studyId, generation, round };
      const { effects, refusal } = await this.transitions.apply(unit, study, {
        type: 'update-verified',
        key,
        attempt,
        siteId,
        blobHash,
      });
      if (refusal !== null) {
        throw new RoundError(
          refusal,
          `expected an update that the round still takes, got one of ${siteId}: ${refusal}`,
        );
      }
      const duplicate = effects.some((effect) => effect.type === 'acknowledge-update' && effect.duplicate);
      if (duplicate) return true;
      const hash = envelopeHash(envelope);
      await unit.repositories.rounds.insertUpdate({
        id: randomUUID(),
        ...key,
        attempt,
        siteId,
        blobHash,
        manifest,
        envelope,
        envelopeHash: hash,
        nonce: manifest.nonce,
        state: 'accepted',
        stateReason: null,
        receivedAt: unit.now,
      });
      unit.record({ type: 'update-accepted', ...key, attempt, siteId, blobHash, envelopeHash: hash });
      unit.step('coordinator.update-accepted');
      return false;
    });
  }
}
