import { createHash } from 'node:crypto';
import { type BlobHash, createRng, type SiteId } from '@fedistl/core';
import { encodeUpdateBlob } from '@fedistl/aggregation';
import { type Envelope, type Identity, readPayload } from '@fedistl/crypto';
import { type BlobStore, type Database } from '@fedistl/persistence';
import {
  type EvaluationOrder,
  type EvaluationReport,
  type RoundManifest,
  type SiteWork,
  signMessage,
  type UpdateManifest,
} from '@fedistl/protocol';
import { type TestFederation } from './test-federation';

/** Values that travel of the tiny model: all but the gains of the last layer. */
const parameters = 6 + 12 + 5;
const centreLength = 6;

/** A hospital that draws its update from its name and the round alone: a restart changes nothing. */
export class TestSite {
  /** How much better than the teacher this site finds every candidate. */
  gain = 0.05;

  constructor(
    readonly siteId: SiteId,
    readonly identity: Identity,
    private readonly blobs: BlobStore,
    private readonly database: Database,
  ) {}

  /** Does one thing that waits for it; false when nothing does. */
  async work(federation: TestFederation): Promise<boolean> {
    const [next] = await this.openWork(federation);
    if (next === undefined) return false;
    if (next.kind === 'round') {
      await federation.intake.submit(this.siteId, await this.update(readPayload(next.manifest) as RoundManifest));
    } else {
      await federation.evaluations.submit(this.siteId, this.report(readPayload(next.order) as EvaluationOrder));
    }
    return true;
  }

  async openWork({ rounds, evaluations }: TestFederation): Promise<SiteWork[]> {
    return [...(await rounds.openWork(this.siteId)), ...(await evaluations.openWork(this.siteId))];
  }

  /** The manifest of the round that waits. */
  async openRound(federation: TestFederation): Promise<RoundManifest> {
    const work = (await this.openWork(federation)).find(({ kind }) => kind === 'round');
    if (work?.kind !== 'round') throw new Error(`no round waits for ${this.siteId}`);
    return readPayload(work.manifest) as RoundManifest;
  }

  async openOrder(federation: TestFederation): Promise<EvaluationOrder> {
    const work = (await this.openWork(federation)).find(({ kind }) => kind === 'evaluation');
    if (work?.kind !== 'evaluation') throw new Error(`no evaluation waits for ${this.siteId}`);
    return readPayload(work.order) as EvaluationOrder;
  }

  /** Uploads the blob and signs the manifest. */
  async update(round: RoundManifest, change: Partial<UpdateManifest> = {}): Promise<Envelope> {
    const { studyId, generation, round: number, attempt, planHash, teacherHash, layoutHash } = round;
    const rng = createRng(`${this.siteId}/${generation}.${number}`);
    const values = rng.stream('update').fillUniform(new Float32Array(parameters));
    const centre = generation === 0 ? null : rng.stream('centre').fillUniform(new Float32Array(centreLength));
    const bytes = new Uint8Array(values.buffer);
    const blob = encodeUpdateBlob({ encoding: { name: 'float32' }, parameters, bytes, centre });
    const blobHash = await this.upload(blob, studyId);
    const manifest: UpdateManifest = {
      type: 'update-manifest',
      version: 1,
      ...{ studyId, generation, round: number, attempt, planHash, teacherHash, layoutHash },
      siteId: this.siteId,
      baseModelHash: round.studentHash,
      payload: {
        blobHash,
        byteLength: blob.length,
        parameters,
        encoding: { name: 'float32' },
        centreLength: centre?.length ?? 0,
      },
      counts: { steps: 40, imagesSeen: 640, acceptedPseudoLabels: 0, labelledImages: generation === 0 ? 640 : 0 },
      statistics: { loss: 1 },
      nonce: nonce(`${this.siteId}/${generation}.${number}.${attempt}`),
      createdAt: round.issuedAt,
      ...change,
    };
    return signMessage(manifest, this.identity);
  }

  async upload(blob: Uint8Array, studyId: RoundManifest['studyId']): Promise<BlobHash> {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(blob);
    }
    const { hash, byteLength } = await this.blobs.putStream(chunks());
    const { siteId } = this;
    const row = { blobHash: hash, byteLength, purpose: 'update' as const, studyId, siteId, createdAt: new Date() };
    await this.database.repositories.blobs.add(row);
    return hash;
  }

  report(order: EvaluationOrder, change: Partial<EvaluationReport> = {}): Envelope {
    const { studyId, generation, planHash, candidateHash, referenceHash } = order;
    const around = (value: number, half: number) => ({ value, low: value - half, high: value + half });
    const report: EvaluationReport = {
      type: 'evaluation-report',
      version: 1,
      ...{ studyId, generation, planHash, candidateHash, referenceHash },
      siteId: this.siteId,
      holdOut: { patients: 20, positives: 10, negatives: 10 },
      confidence: 0.9,
      auc: around(0.8, 0.1),
      aucVariance: 0.004,
      aucDifference: referenceHash === null ? null : around(this.gain, 0.02),
      brier: 0.2,
      expectedCalibrationError: 0.1,
      operatingPoints: [],
      nonce: nonce(`${this.siteId}/evaluation/${generation}`),
      createdAt: order.issuedAt,
      ...change,
    };
    return signMessage(report, this.identity);
  }
}

const nonce = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
