import { type BlobHash, type ModelHash, parseBlobHash, type StudyId } from '@fedistl/core';
import { Database, type Model, type Study } from '@fedistl/persistence';
import { type Answer, type ModelView } from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { type Unit } from '../audit/unit-of-work';
import { Approvals } from '../audit/approvals';
import { EvaluationOrders } from '../evaluations/evaluation-orders';
import { type ModelChoice, type ModelDecision, ModelGovernance } from '../proposals/engine-ports';
import { RoundTransitions } from '../rounds/round-transitions';
import { knownStudy, lockStudy } from '../studies/lock-study';
import { beginGeneration } from '../studies/study-progress';
import { ModelError } from './model.errors';

/** The registry: what each model was made of, and which one is the teacher in force. */
@Injectable()
export class ModelsService extends ModelGovernance {
  constructor(
    private readonly database: Database,
    private readonly approvals: Approvals,
    private readonly transitions: RoundTransitions,
    private readonly orders: EvaluationOrders,
  ) {
    super();
  }

  /** @throws StudyError `STUDY.UNKNOWN` */
  async ofStudy(studyId: StudyId): Promise<Answer<'studyModels'>> {
    const { studies, models } = this.database.repositories;
    knownStudy(await studies.find(studyId), studyId);
    return { models: await Promise.all((await models.list(studyId)).map((model) => this.view(model))) };
  }

  /** The entry of a hash; of several (one file can be student and average alike), the one that went furthest. */
  async show(modelHash: ModelHash): Promise<Answer<'showModel'>> {
    const entries = await this.database.repositories.models.withHash(modelHash);
    const order = ['promoted', 'retired', 'candidate', 'rejected', 'intermediate'];
    const [first] = entries.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
    if (first === undefined) throw new ModelError('MODEL.UNKNOWN', `expected a model, got ${modelHash}, which is none`);
    return this.view(first);
  }

  /** @throws ModelError `MODEL.UNKNOWN`, `MODEL.IN_FORCE`, `MODEL.NEVER_PROMOTED`; StudyError `STUDY.UNKNOWN` */
  override async check(unit: Unit, action: 'promote' | 'rollback', { studyId, modelHash }: ModelChoice): Promise<void> {
    const study = await lockStudy(unit.repositories, studyId);
    const model = await this.eligible(unit, study, modelHash);
    if (action === 'rollback') requirePromoted(model);
  }

  /**
   * Makes a model the teacher in force, whatever the rule's verdict. A generation that runs ends with the teacher that it
   * began with.
   *
   * @throws as `check`
   */
  override async promote(unit: Unit, choice: ModelChoice, decision: ModelDecision): Promise<void> {
    const { studyId, modelHash } = choice;
    const study = await lockStudy(unit.repositories, studyId);
    const model = await this.eligible(unit, study, modelHash);
    const evidence = await this.approve(unit, choice, { ...decision, kind: 'promotion' });
    study.modelIndex += 1;
    study.teacherHash = modelHash;
    await unit.repositories.models.mark(model.id, 'promoted', study.modelIndex, unit.now);
    await unit.repositories.studies.save(study);
    const { generation } = model;
    const { modelIndex } = study;
    const byPeople = { judgement: null, evidence: [evidence] };
    unit.record({ type: 'candidate-promoted', studyId, generation, modelHash, modelIndex, ...byPeople });
    unit.announce({ type: 'model', studyId, modelHash });
    unit.step('coordinator.promoted');
  }

  /**
   * Goes back to a model that was promoted before. What runs is cancelled; the next generation starts from this model.
   *
   * @throws as `check`
   */
  override async rollback(unit: Unit, choice: ModelChoice, decision: ModelDecision): Promise<void> {
    const { studyId, modelHash } = choice;
    const study = await lockStudy(unit.repositories, studyId);
    const model = await this.eligible(unit, study, modelHash);
    requirePromoted(model);
    const evidence = await this.approve(unit, choice, { ...decision, kind: 'rollback' });
    await this.stopWork(unit, study);
    await this.retire(unit, study, model);
    study.modelIndex += 1;
    study.teacherHash = modelHash;
    await unit.repositories.models.mark(model.id, 'promoted', study.modelIndex, unit.now);
    await this.restart(unit, study);
    const { modelIndex } = study;
    unit.record({ type: 'rolled-back', studyId, modelHash, modelIndex, evidence: [evidence] });
    unit.announce({ type: 'model', studyId, modelHash });
    unit.step('coordinator.rolled-back');
  }

  private async eligible({ repositories }: Unit, study: Study, modelHash: ModelHash): Promise<Model> {
    if (study.teacherHash === modelHash) {
      throw new ModelError('MODEL.IN_FORCE', `expected another model, got ${modelHash}, the teacher in force`);
    }
    const entries = (await repositories.models.withHash(modelHash)).filter(({ studyId }) => studyId === study.studyId);
    const [first] = entries.sort((a, b) => Number(b.decidedAt ?? 0) - Number(a.decidedAt ?? 0));
    if (first !== undefined) return first;
    throw new ModelError('MODEL.UNKNOWN', `expected a model of ${study.studyId}, got ${modelHash}, which is none`);
  }

  private approve(
    unit: Unit,
    { studyId, modelHash }: ModelChoice,
    { kind, by, reason }: ModelDecision & { readonly kind: 'promotion' | 'rollback' },
  ): Promise<BlobHash> {
    return this.approvals.record(unit, { studyId, subject: { kind, modelHash }, decision: 'approve', by, reason });
  }

  /** Cancels the round and the evaluation that build on the teacher that goes. */
  private async stopWork(unit: Unit, study: Study): Promise<void> {
    const { studyId, generation, round } = study;
    if (round > 0) {
      const key = { studyId, generation, round };
      await this.transitions.apply(unit, study, { type: 'cancelled', key, code: 'STUDY.ROLLED_BACK' });
    }
    const order = await unit.repositories.evaluations.orderForUpdate(studyId, generation);
    if (order?.decision !== null) return;
    const reasons = [{ code: 'STUDY.ROLLED_BACK', siteId: null, message: 'a rollback overtook the evaluation' }];
    await this.orders.decide(unit, study, order, { reasons, judgement: null, evidence: [] });
  }

  /** Models that were promoted after the one that comes back. */
  private async retire({ repositories, now }: Unit, study: Study, back: Model): Promise<void> {
    for (const model of await repositories.models.list(study.studyId)) {
      if (model.state !== 'promoted' || model.id === back.id) continue;
      if (model.modelIndex <= back.modelIndex && model.modelHash !== study.teacherHash) continue;
      await repositories.models.mark(model.id, 'retired', model.modelIndex, now);
    }
  }

  private async restart(unit: Unit, study: Study): Promise<void> {
    const { studyId, generation, plan } = study;
    const ended = study.state === 'completed' || study.state === 'cancelled' || study.state === 'failed';
    if (!ended && generation >= plan.schedule.generations) {
      study.state = 'completed';
      study.endedAt = unit.now;
    } else if (!ended) {
      beginGeneration(study, { fresh: true });
      unit.enqueue({
        type: 'advance',
        key: `advance/${studyId}/${study.generation}/rolled-back`,
        payload: { studyId },
      });
    }
    await unit.repositories.studies.save(study);
    unit.announce({ type: 'study', studyId });
  }

  private async view(model: Model): Promise<ModelView> {
    const { modelHash, studyId, kind, state, modelIndex, generation, round, createdAt, decidedAt, lineage } = model;
    const blob = await this.database.repositories.blobs.find(parseBlobHash(modelHash));
    return {
      ...{ hash: modelHash, studyId, kind, state, modelIndex, generation, round },
      byteLength: blob?.byteLength ?? 0,
      createdAt: createdAt.toISOString(),
      decidedAt: decidedAt?.toISOString() ?? null,
      lineage: { ...lineage, contributions: [...lineage.contributions] },
    };
  }
}

function requirePromoted({ state }: Model): void {
  if (state === 'promoted' || state === 'retired') return;
  throw new ModelError('MODEL.NEVER_PROMOTED', `expected a model that was promoted, got a ${state} one`);
}
