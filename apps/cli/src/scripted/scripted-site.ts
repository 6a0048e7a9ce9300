import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  askCoordinator,
  enrolSite,
  type PeopleClient,
  type PinnedCoordinator,
  SiteClient,
  SiteSocket,
} from '@fedistl/client';
import { uploadBlob } from '@fedistl/client/node';
import { type BlobHash, parseSiteId, type SiteId } from '@fedistl/core';
import { fingerprintOf, Identity } from '@fedistl/crypto';
import { type EvaluationOrder, openMessage, type RoundManifest, signMessage, type StudyPlan } from '@fedistl/protocol';
import { scriptedReport } from './scripted-report';
import { type ScriptedUpdate, scriptedUpdate } from './scripted-update';

export interface ScriptedSiteOptions {
  readonly siteId: string;
  readonly baseUrl: string;
  readonly identity?: Identity;
}

/**
 * A site without images: it enrols, logs in, joins studies, and answers rounds with made-up numbers by the very calls of a
 * hospital's node. For measuring a coordinator under many sites, and for tests that send it what no node would.
 */
export class ScriptedSite {
  readonly client: SiteClient;

  private constructor(
    readonly siteId: SiteId,
    readonly identity: Identity,
    readonly coordinator: PinnedCoordinator,
    private readonly baseUrl: string,
  ) {
    const coordinatorKey = coordinator.identity.keyId;
    this.client = new SiteClient({ baseUrl, siteId, signer: identity, coordinatorKey });
  }

  static async create(options: ScriptedSiteOptions): Promise<ScriptedSite> {
    const { siteId, baseUrl, identity = Identity.generate(siteId) } = options;
    return new ScriptedSite(parseSiteId(siteId), identity, await askCoordinator({ baseUrl }), baseUrl);
  }

  /** Enrols with a new code and has itself approved. */
  async admit(administrator: PeopleClient): Promise<void> {
    const { siteId, identity: signer, coordinator, baseUrl } = this;
    const { code } = await administrator.createEnrolmentCode({ siteId, displayName: siteId, validSeconds: 3600 });
    await enrolSite({ baseUrl, siteId, code, signer, coordinator });
    await administrator.approveSite(siteId, fingerprintOf(signer.public));
  }

  connect(onHint: () => void): SiteSocket {
    return new SiteSocket({ baseUrl: this.baseUrl, tokens: this.client.tokens, onHint });
  }

  /** The plan of a study, as the coordinator signed it. */
  async plan(studyId: string): Promise<StudyPlan> {
    const study = (await this.client.studies()).studies.find((entry) => entry.studyId === studyId);
    if (study === undefined) throw new Error(`no study ${studyId} for ${this.siteId}`);
    return openMessage('study-plan', study.plan, { keys: [this.coordinator.identity] });
  }

  /** Manifests of the rounds that wait for this site. */
  async rounds(): Promise<RoundManifest[]> {
    const { work } = await this.client.work();
    return work.flatMap((entry) =>
      entry.kind === 'round'
        ? [openMessage('round-manifest', entry.manifest, { keys: [this.coordinator.identity] })]
        : [],
    );
  }

  /** Orders to evaluate that wait for this site. */
  async orders(): Promise<EvaluationOrder[]> {
    const { work } = await this.client.work();
    return work.flatMap((entry) =>
      entry.kind === 'evaluation'
        ? [openMessage('evaluation-order', entry.order, { keys: [this.coordinator.identity] })]
        : [],
    );
  }

  makeUpdate(plan: StudyPlan, round: RoundManifest): ScriptedUpdate {
    return scriptedUpdate(this.siteId, plan, round);
  }

  upload({ blob, manifest }: ScriptedUpdate): Promise<void> {
    return this.uploadBytes(blob, manifest.payload.blobHash, manifest.studyId);
  }

  /** Uploads anything as an update of a study; what it is comes out when it is handed in. */
  async uploadBytes(bytes: Uint8Array, hash: BlobHash, studyId: string): Promise<void> {
    const directory = await mkdtemp(path.join(tmpdir(), 'fedistl-scripted-'));
    try {
      const file = path.join(directory, 'update');
      await writeFile(file, bytes);
      const { uploadAddress: endpoint, tokens } = this.client;
      const metadata = { purpose: 'update', studyId };
      await uploadBlob({ file, hash, endpoint, tokens, metadata, recordFile: path.join(directory, 'record') });
    } finally {
      await rm(directory, { recursive: true });
    }
  }

  /** Signs and hands in. @returns whether it was known before */
  async submit({ manifest }: Pick<ScriptedUpdate, 'manifest'>, signer = this.identity): Promise<boolean> {
    return (await this.client.submitUpdate(signMessage(manifest, signer))).duplicate;
  }

  /** Answers an order with made-up metrics. */
  async report(order: EvaluationOrder): Promise<void> {
    await this.client.submitEvaluation(signMessage(scriptedReport(this.siteId, order), this.identity));
  }
}
