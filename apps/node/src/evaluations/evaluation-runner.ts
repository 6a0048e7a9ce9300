import { isTransient, RefusedError } from '@fedistl/client';
import { assertNever, canonicalJson } from '@fedistl/core';
import { faultPoint } from '@fedistl/core/node';
import { randomBytes, sha256Hex, toHex } from '@fedistl/crypto';
import { parseMessage, signMessage, withinHours } from '@fedistl/protocol';
import { NodeError } from '../node.errors';
import { fixedReason, trainingReason, withdrawalText } from '../rounds/withdrawal';
import { readAssignments } from '../studies/assignments';
import { runTrainingProcess } from '../training/training-process';
import { isAboutSite } from '../tasks/about-site';
import { type SiteContext } from '../tasks/site-context';
import {
  type EvaluationEvent,
  type EvaluationPosition,
  type EvaluationStep,
  nextEvaluationStep,
  stepEvaluation,
} from './evaluation-position';
import { type EvaluationStore } from './evaluation-store';

/** Does one evaluation, step by step from the position on the disk. */
export class EvaluationRunner {
  step: EvaluationStep | null = null;

  constructor(
    private readonly site: SiteContext,
    private readonly store: EvaluationStore,
    private readonly order: EvaluationPosition['order'],
  ) {}

  /** @returns false when it waits for the hospital's hours. @throws what may be tried again later */
  async run(signal: AbortSignal): Promise<boolean> {
    const { site, store } = this;
    for (;;) {
      const position = await store.read(this.order);
      this.step = position === null ? null : nextEvaluationStep(position);
      if (position === null || this.step === null) return true;
      const { hours } = await site.policy();
      if (!isSmall(this.step) && !withinHours(hours, site.now())) return false;
      const next = stepEvaluation(position, await this.#perform(this.step, position, signal), site.now());
      await store.write(next);
      if (next.stage === 'signed') faultPoint('node.evaluation-signed');
      const { studyId, generation } = this.order;
      site.log.info(`evaluation ${next.stage}`, { studyId, generation, code: next.reasons[0]?.code ?? null });
    }
  }

  async #perform(step: EvaluationStep, position: EvaluationPosition, signal: AbortSignal): Promise<EvaluationEvent> {
    try {
      switch (step) {
        case 'download':
          return await this.#download(signal);
        case 'measure':
          return await this.#measure(signal);
        case 'submit':
          return await this.#submit(position);
        case 'send-withdrawal':
          return await this.#sendWithdrawal(position);
        default:
          return assertNever(step);
      }
    } catch (error) {
      const event = signal.aborted ? null : eventOf(step, error);
      if (event === null) throw error;
      const { studyId, generation } = this.order;
      this.site.log.problem(`evaluation: ${step} ended as ${event.type}`, error, { studyId, generation });
      return event;
    }
  }

  async #download(signal: AbortSignal): Promise<EvaluationEvent> {
    const { candidateHash, referenceHash } = this.order;
    for (const hash of [candidateHash, referenceHash]) if (hash !== null) await this.site.blobs.fetch(hash, signal);
    return { type: 'downloaded' };
  }

  async #measure(signal: AbortSignal): Promise<EvaluationEvent> {
    const { site, order } = this;
    const { studyId, generation, planHash, candidateHash, referenceHash } = order;
    const plan = await site.plans.find(planHash);
    if (plan === null)
      throw new NodeError('NODE.BAD_FILE', `expected plan ${planHash} in the data directory, got none`);
    const assignment = (await readAssignments(site.paths.studies))[studyId];
    if (assignment === undefined) throw new NodeError('NODE.NO_DATA_SET', `no data set for study ${studyId}`);
    const { gpuShare } = await site.policy();
    const result = await runTrainingProcess({
      job: {
        kind: 'evaluate',
        siteId: site.siteId,
        plan,
        dataDirectory: site.config.dataDirectory,
        ...assignment,
        engine: site.engine.under(gpuShare).engine,
        generation,
        files: {
          candidate: site.blobs.file(candidateHash),
          reference: referenceHash === null ? null : site.blobs.file(referenceHash),
        },
      },
      directory: this.store.processDirectory(order),
      onProgress: () => undefined,
      signal,
    });
    if (result.type !== 'evaluated') throw new NodeError('NODE.TRAINING_DIED', 'expected metrics, got an update');
    const report = parseMessage('evaluation-report', {
      ...result.metrics,
      type: 'evaluation-report',
      version: 1,
      studyId,
      generation,
      siteId: site.siteId,
      planHash,
      candidateHash,
      referenceHash,
      nonce: toHex(randomBytes(16)),
      createdAt: site.now().toISOString(),
    });
    return { type: 'signed', envelope: signMessage(report, site.identity) };
  }

  async #submit({ envelope }: EvaluationPosition): Promise<EvaluationEvent> {
    if (envelope === null) throw new NodeError('NODE.BAD_FILE', 'evaluation: expected a signed report, got none');
    const { studyId, generation } = this.order;
    const text = canonicalJson(envelope);
    await this.site.egress.record({
      class: 'evaluation-report',
      bytes: Buffer.byteLength(text),
      hash: sha256Hex(text),
      purpose: 'metrics of a candidate on the hold-out',
      of: { studyId, generation, round: null, attempt: null },
    });
    await this.site.client.submitEvaluation(envelope);
    faultPoint('node.evaluation-submitted');
    return { type: 'submitted' };
  }

  async #sendWithdrawal({ reasons }: EvaluationPosition): Promise<EvaluationEvent> {
    const { studyId, generation } = this.order;
    const body = { studyId, generation, ...withdrawalText(reasons) };
    const text = canonicalJson(body);
    await this.site.egress.record({
      class: 'withdrawal',
      bytes: Buffer.byteLength(text),
      hash: sha256Hex(text),
      purpose: `does not evaluate: ${body.code}`,
      of: { studyId, generation, round: null, attempt: null },
    });
    await this.site.client.withdrawEvaluation(body);
    return { type: 'withdrawal-sent' };
  }
}

/** Small and ready: it is sent outside the hospital's hours too. */
export function isSmall(step: EvaluationStep): boolean {
  return step === 'submit' || step === 'send-withdrawal';
}

/** What an error means for the evaluation; null when the step is to be tried again. */
function eventOf(step: EvaluationStep, error: unknown): EvaluationEvent | null {
  if (error instanceof NodeError) {
    if (error.code === 'NODE.TRAINING_DIED') return { type: 'crashed' };
    if (error.code === 'NODE.TRAINING_FAILED') return { type: 'withdraw', reasons: [trainingReason(error)] };
    if (error.code === 'NODE.NO_DATA_SET') return { type: 'withdraw', reasons: [fixedReason(error.code)] };
    return null;
  }
  if (!(error instanceof RefusedError) || isTransient(error) || isAboutSite(error)) return null;
  if (step === 'download') return { type: 'withdraw', reasons: [fixedReason('NODE.WEIGHTS_UNAVAILABLE')] };
  return { type: 'refused', reason: { code: error.code, message: error.message.slice(0, 300) } };
}
