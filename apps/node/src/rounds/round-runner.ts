import { isTransient, RefusedError } from '@fedistl/client';
import { forgetUpload } from '@fedistl/client/node';
import { faultPoint } from '@fedistl/core/node';
import { withinHours } from '@fedistl/protocol';
import { NodeError } from '../node.errors';
import { type JobProgress } from '../training/training-job';
import { type SiteContext } from '../tasks/site-context';
import { nextStep, type RoundEvent, type RoundStep, stepPosition } from './round-machine';
import { isOver, type RoundPosition } from './round-position';
import { type RoundName, type RoundStore } from './round-store';
import { isAboutSite } from '../tasks/about-site';
import { RoundSteps } from './round-steps';
import { fixedReason, trainingReason } from './withdrawal';

/** Why a run came to its end. */
export type RunEnd = 'over' | 'outside-hours';

/** Times that a blob which the coordinator lost is sent again by one process. */
const MOST_RESENDS = 3;

/** Does one round, step by step, each from the position on the disk; may end anywhere and be called again. */
export class RoundRunner {
  /** What it is doing. */
  step: RoundStep | null = null;
  progress: JobProgress | null = null;
  #resends = 0;
  readonly #steps: RoundSteps;

  constructor(
    private readonly site: SiteContext,
    private readonly store: RoundStore,
    readonly name: RoundName,
  ) {
    this.#steps = new RoundSteps(site, store, (progress) => {
      this.progress = progress;
    });
  }

  /** @throws what may be tried again later: ClientError, FileError, RefusedError of a login, NodeError `NODE.STOPPED` */
  async run(signal: AbortSignal): Promise<RunEnd> {
    const { store, site, name } = this;
    for (;;) {
      const position = await store.read(name);
      this.step = position === null ? null : nextStep(position);
      if (position === null || this.step === null) return 'over';
      const { hours } = await site.policy();
      if (waitsForHours(this.step) && !withinHours(hours, site.now())) return 'outside-hours';
      const event = await this.#perform(this.step, position, signal);
      const next = stepPosition(position, event, site.now());
      await store.write(next);
      this.#after(next);
    }
  }

  async #perform(step: RoundStep, position: RoundPosition, signal: AbortSignal): Promise<RoundEvent> {
    try {
      return await this.#steps.perform(step, position, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      const event = this.#eventOf(step, error);
      if (event === null) throw error;
      this.site.log.problem(`round: ${step} ended as ${event.type}`, error, roundFacts(position));
      // A new upload: the old one is at its end, wherever its bytes went.
      if (event.type === 'blob-lost') await forgetUpload(this.store.files(this.name).upload);
      return event;
    }
  }

  /** What an error means for the round; null when the step is to be tried again. */
  #eventOf(step: RoundStep, error: unknown): RoundEvent | null {
    if (error instanceof NodeError) {
      if (error.code === 'NODE.TRAINING_DIED') return { type: 'crashed' };
      if (error.code === 'NODE.TRAINING_FAILED') return { type: 'withdraw', reasons: [trainingReason(error)] };
      if (['NODE.NO_DATA_SET', 'NODE.OTHER_LAYOUT'].includes(error.code)) {
        return { type: 'withdraw', reasons: [fixedReason(error.code)] };
      }
      return null;
    }
    if (!(error instanceof RefusedError) || isTransient(error) || isAboutSite(error)) return null;
    if (step === 'download') return { type: 'withdraw', reasons: [fixedReason('NODE.WEIGHTS_UNAVAILABLE')] };
    if (step === 'send-withdrawal') return { type: 'withdrawal-sent' };
    if (step === 'submit' && BLOB_LOST.has(error.code) && this.#resends++ < MOST_RESENDS) return { type: 'blob-lost' };
    return { type: 'refused', reason: { code: error.code, message: error.message.slice(0, 300) } };
  }

  #after(position: RoundPosition): void {
    const { stage } = position;
    if (stage === 'downloaded' && position.crashes === 0) faultPoint('node.weights-downloaded');
    if (stage === 'signed') faultPoint('node.update-signed');
    if (isOver(stage) || stage === 'withdrawing') {
      this.site.log.info(`round ${stage}`, { ...roundFacts(position), code: position.reasons[0]?.code ?? null });
    }
  }
}

export type RoundFacts = Pick<RoundPosition['manifest'], 'studyId' | 'generation' | 'round' | 'attempt'>;

/** Codes by which a coordinator says that it does not have the blob of an update. */
const BLOB_LOST = new Set(['BLOB.NOT_FOUND', 'ROUND.NO_BLOB']);

function waitsForHours(step: RoundStep): boolean {
  return ['download', 'train', 'upload'].includes(step);
}

/** Which attempt a position is about. */
export function roundFacts({ manifest }: Pick<RoundPosition, 'manifest'>): RoundFacts {
  const { studyId, generation, round, attempt } = manifest;
  return { studyId, generation, round, attempt };
}
