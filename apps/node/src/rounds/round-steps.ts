import path from 'node:path';
import { uploadBlob } from '@fedistl/client/node';
import { assertNever, canonicalJson } from '@fedistl/core';
import { randomBytes, sha256Hex, toHex } from '@fedistl/crypto';
import { faultPoint } from '@fedistl/core/node';
import { signMessage, type StudyPlan, type UpdateManifest } from '@fedistl/protocol';
import { NodeError } from '../node.errors';
import { readAssignments } from '../studies/assignments';
import { type JobProgress } from '../training/training-job';
import { runTrainingProcess } from '../training/training-process';
import { type SiteContext } from '../tasks/site-context';
import { type RoundEvent, type RoundStep } from './round-machine';
import { type RoundPosition, type TrainedUpdate } from './round-position';
import { type RoundStore } from './round-store';
import { withdrawalText } from './withdrawal';

/** The work of each step. Every one may be interrupted and done again: it then ends the same. */
export class RoundSteps {
  constructor(
    private readonly site: SiteContext,
    private readonly store: RoundStore,
    private readonly onProgress: (progress: JobProgress | null) => void,
  ) {}

  async perform(step: RoundStep, position: RoundPosition, signal: AbortSignal): Promise<RoundEvent> {
    switch (step) {
      case 'download':
        return this.#download(position, signal);
      case 'train':
        return this.#train(position, signal);
      case 'sign':
        return this.#sign(position);
      case 'upload':
        return this.#upload(position, signal);
      case 'submit':
        return this.#submit(position);
      case 'send-withdrawal':
        return this.#sendWithdrawal(position);
      default:
        return assertNever(step);
    }
  }

  async #download({ manifest }: RoundPosition, signal: AbortSignal): Promise<RoundEvent> {
    const hashes = [manifest.studentHash, manifest.teacherHash, manifest.centreHash].filter((hash) => hash !== null);
    for (const hash of hashes) await this.site.blobs.fetch(hash, signal);
    return { type: 'downloaded' };
  }

  async #train(position: RoundPosition, signal: AbortSignal): Promise<RoundEvent> {
    const { site } = this;
    const { manifest } = position;
    const plan = await this.#plan(position);
    const assignment = (await readAssignments(site.paths.studies))[manifest.studyId];
    if (assignment === undefined) throw new NodeError('NODE.NO_DATA_SET', `no data set for study ${manifest.studyId}`);
    const { gpuShare } = await site.policy();
    const files = this.store.files(manifest);
    const fileOf = (hash: string | null): string | null => (hash === null ? null : site.blobs.file(hash));
    await site.egress.recordDaily('progress');
    const result = await runTrainingProcess({
      job: {
        kind: 'train',
        siteId: site.siteId,
        plan,
        dataDirectory: site.config.dataDirectory,
        ...assignment,
        ...site.engine.under(gpuShare),
        generation: manifest.generation,
        round: manifest.round,
        files: {
          student: site.blobs.file(manifest.studentHash),
          teacher: fileOf(manifest.teacherHash),
          centre: fileOf(manifest.centreHash),
        },
        residual: await this.store.residualBefore(manifest),
        directory: files.training,
      },
      directory: files.process,
      onStarted: () => {
        faultPoint('node.training-started');
      },
      onProgress: (progress) => {
        this.onProgress(progress);
        const { studyId, generation, round, attempt } = manifest;
        site.socket.progress({ studyId, generation, round, attempt, ...progress });
      },
      signal,
    });
    this.onProgress(null);
    if (result.type !== 'trained') throw new NodeError('NODE.TRAINING_DIED', 'expected an update, got metrics');
    if (result.update.layoutHash !== manifest.layoutHash) {
      const { layoutHash } = result.update;
      throw new NodeError('NODE.OTHER_LAYOUT', `expected layout ${manifest.layoutHash}, got ${layoutHash}`);
    }
    faultPoint('node.training-done');
    return { type: 'trained', update: result.update };
  }

  async #sign({ manifest, update }: RoundPosition): Promise<RoundEvent> {
    const { payload, counts, statistics } = requireUpdate(update);
    const { studyId, generation, round, attempt, planHash, studentHash, teacherHash, layoutHash } = manifest;
    const message: UpdateManifest = {
      type: 'update-manifest',
      version: 1,
      studyId,
      generation,
      round,
      attempt,
      siteId: this.site.siteId,
      planHash,
      baseModelHash: studentHash,
      teacherHash,
      layoutHash,
      payload,
      counts,
      statistics,
      nonce: toHex(randomBytes(16)),
      createdAt: this.site.now().toISOString(),
    };
    return Promise.resolve({ type: 'signed', envelope: signMessage(message, this.site.identity) });
  }

  async #upload({ manifest, update }: RoundPosition, signal: AbortSignal): Promise<RoundEvent> {
    const { site } = this;
    const { payload, file } = requireUpdate(update);
    const { blobHash, byteLength } = payload;
    const { studyId, generation, round } = manifest;
    const { maximumUploadBytesPerSecond } = await site.policy();
    const files = this.store.files(manifest);
    await site.egress.record({
      class: 'update-blob',
      bytes: byteLength,
      hash: blobHash,
      purpose: 'the update of this round',
      of: { studyId, generation, round, attempt: null },
    });
    await uploadBlob({
      file: path.join(files.training, file),
      hash: blobHash,
      endpoint: site.client.uploadAddress,
      metadata: { purpose: 'update', studyId },
      tokens: site.client.tokens,
      recordFile: files.upload,
      bytesPerSecond: maximumUploadBytesPerSecond,
      route: site.route,
      signal,
    });
    faultPoint('node.update-uploaded');
    return { type: 'uploaded' };
  }

  async #submit(position: RoundPosition): Promise<RoundEvent> {
    const { manifest, envelope } = position;
    if (envelope === null) throw new NodeError('NODE.BAD_FILE', 'round position: expected a signed update, got none');
    const { studyId, generation, round, attempt } = manifest;
    const text = canonicalJson(envelope);
    await this.site.egress.record({
      class: 'update-manifest',
      bytes: Buffer.byteLength(text),
      hash: sha256Hex(text),
      purpose: 'signed counts and means of this round',
      of: { studyId, generation, round, attempt },
    });
    await this.site.client.submitUpdate(envelope);
    faultPoint('node.update-submitted');
    await this.store.keepResidual(position);
    return { type: 'submitted' };
  }

  async #sendWithdrawal({ manifest, reasons }: RoundPosition): Promise<RoundEvent> {
    const { studyId, generation, round, attempt } = manifest;
    const body = { studyId, generation, round, attempt, ...withdrawalText(reasons) };
    const text = canonicalJson(body);
    await this.site.egress.record({
      class: 'withdrawal',
      bytes: Buffer.byteLength(text),
      hash: sha256Hex(text),
      purpose: `does not take part: ${body.code}`,
      of: { studyId, generation, round, attempt },
    });
    await this.site.client.withdraw(body);
    return { type: 'withdrawal-sent' };
  }

  async #plan({ manifest }: RoundPosition): Promise<StudyPlan> {
    const plan = await this.site.plans.find(manifest.planHash);
    if (plan !== null) return plan;
    throw new NodeError('NODE.BAD_FILE', `expected plan ${manifest.planHash} in the data directory, got none`);
  }
}

function requireUpdate(update: TrainedUpdate | null): TrainedUpdate {
  if (update !== null) return update;
  throw new NodeError('NODE.BAD_FILE', 'round position: expected a trained update, got none');
}
