import { type Envelope } from '@fedistl/crypto';
import { verifyEd25519Native } from '@fedistl/crypto/node';
import {
  checkPlanAgainstPolicy,
  type EvaluationOrder,
  openMessage,
  type SiteActivity,
  type SiteWork,
  withinHours,
} from '@fedistl/protocol';
import { type Reason } from '../rounds/round-position';
import { updateBytesOf } from '../studies/update-bytes';
import { type SiteContext } from '../tasks/site-context';
import { type Task, type TaskKind } from '../tasks/task';
import { acceptOrder, type EvaluationPosition, nextEvaluationStep, stepEvaluation } from './evaluation-position';
import { EvaluationRunner, isSmall } from './evaluation-runner';
import { type EvaluationStore } from './evaluation-store';

/** Evaluations as tasks of the node. */
export class EvaluationTasks implements TaskKind {
  readonly handles = 'evaluation';
  readonly #distrusted = new Set<string>();

  constructor(
    private readonly site: SiteContext,
    private readonly store: EvaluationStore,
  ) {}

  async receive(item: SiteWork, paused: boolean): Promise<string | null> {
    if (item.kind !== 'evaluation') return null;
    const order = this.#open(item.order);
    if (order === null) return null;
    if (!paused && (await this.store.read(order)) === null) await this.#take(order);
    return keyOf(order);
  }

  async closeAllBut(wanted: ReadonlySet<string>, busy: string | undefined): Promise<void> {
    for (const position of await this.store.list()) {
      const key = keyOf(position.order);
      // What is sent may have arrived before the node was killed: it is sent again, and the answer tells.
      if (wanted.has(key) || key === busy || mayHaveArrived(position)) continue;
      await this.store.tidy(position.order);
      if (nextEvaluationStep(position) === null) continue;
      const reason = { code: 'NODE.NOT_WANTED', message: 'the coordinator no longer waits for this evaluation' };
      await this.store.write(stepEvaluation(position, { type: 'closed', reason }, this.site.now()));
    }
  }

  async pending(): Promise<Task[]> {
    const { hours } = await this.site.policy();
    const isOpen = withinHours(hours, this.site.now());
    return (await this.store.list())
      .filter((position) => {
        const step = nextEvaluationStep(position);
        return step !== null && (isOpen || isSmall(step));
      })
      .map(({ order }) => new EvaluationTask(this.site, this.store, order));
  }

  #open(envelope: Envelope): EvaluationOrder | null {
    try {
      return openMessage('evaluation-order', envelope, { keys: [this.site.coordinator], verify: verifyEd25519Native });
    } catch (error) {
      if (!this.#distrusted.has(envelope.payload))
        this.site.log.problem('an evaluation order cannot be trusted', error);
      this.#distrusted.add(envelope.payload);
      return null;
    }
  }

  /** Under the same policy as a round: a plan that the hospital does not allow gets no metrics either. */
  async #take(order: EvaluationOrder): Promise<void> {
    const { site } = this;
    const plan = await site.plans.find(order.planHash);
    if (plan === null) return;
    const check = { plan, planHash: order.planHash, updateBytes: updateBytesOf(plan) };
    const reasons: Reason[] = checkPlanAgainstPolicy(await site.policy(), check);
    const last = site.state.lastModelIndex(order.studyId);
    if (order.modelIndex < last) {
      const message = `expected model index ${last} or greater, got ${order.modelIndex}`;
      reasons.push({ code: 'MANIFEST.MODEL_ROLLBACK', message });
    }
    const position = acceptOrder(order, site.now());
    await this.store.write(
      reasons.length === 0 ? position : stepEvaluation(position, { type: 'withdraw', reasons }, site.now()),
    );
    if (reasons.length === 0) await site.state.sawModelIndex(order.studyId, order.modelIndex);
  }
}

function mayHaveArrived({ stage }: EvaluationPosition): boolean {
  return stage === 'signed' || stage === 'withdrawing';
}

function keyOf({ studyId, generation, candidateHash }: EvaluationOrder): string {
  return `${studyId}/g${generation}/${candidateHash}`;
}

class EvaluationTask implements Task {
  readonly key: string;
  readonly #runner: EvaluationRunner;

  constructor(
    site: SiteContext,
    store: EvaluationStore,
    private readonly order: EvaluationPosition['order'],
  ) {
    this.key = keyOf(order);
    this.#runner = new EvaluationRunner(site, store, order);
  }

  run(signal: AbortSignal): Promise<boolean> {
    return this.#runner.run(signal);
  }

  mayBeStopped(): boolean {
    const { step } = this.#runner;
    return step === null || !isSmall(step);
  }

  activity(): SiteActivity {
    return { kind: 'evaluating', studyId: this.order.studyId, generation: this.order.generation };
  }

  progress(): null {
    return null;
  }
}
