import { Identity } from '@fedistl/crypto';
import {
  type DecisionReason,
  type EvaluationOrder as StoredOrder,
  type ModelKind,
  type Study,
} from '@fedistl/persistence';
import { type EvaluationOrder, judgeCandidate, type Judgement, signMessage } from '@fedistl/protocol';
import { type ModelHash, type SiteId } from '@fedistl/core';
import { Injectable } from '@nestjs/common';
import { envelopeHash } from '../audit/envelope-hash';
import { type Unit } from '../audit/unit-of-work';
import { approvedParticipants } from '../rounds/invitation';

/** The model that a generation came to: the student of generation 0, the moving average of a later one. */
export function candidateOf({ generation, studentHash, averageHash }: Study): { hash: ModelHash; kind: ModelKind } {
  return generation === 0 || averageHash === null
    ? { hash: studentHash, kind: 'student' }
    : { hash: averageHash, kind: 'average' };
}

/** What is decided on a candidate and what the decision rests on. */
export interface Decision {
  /** None: it is promoted. */
  readonly reasons: readonly DecisionReason[];
  /** Of the acceptance rule; null where something else decided. */
  readonly judgement: Judgement | null;
  /** Hashes of the signed reports. */
  readonly evidence: StoredOrder['envelopeHash'][];
}

/** Asks sites for evaluations and decides by the plan's rule. The caller has locked the study. */
@Injectable()
export class EvaluationOrders {
  constructor(private readonly identity: Identity) {}

  /**
   * Orders the evaluation of the generation's candidate at every site with a hold-out.
   *
   * @returns false when there is none
   */
  async publish(unit: Unit, study: Study): Promise<boolean> {
    const sites = await approvedParticipants(unit.repositories, study, ({ holdOut }) => holdOut > 0);
    if (sites.length === 0) return false;
    const { studyId, generation, planHash, teacherHash, plan } = study;
    study.modelIndex += 1;
    const candidate = candidateOf(study);
    const deadlineAt = new Date(unit.now.getTime() + 1000 * plan.schedule.deadlineSeconds);
    const order: EvaluationOrder = {
      type: 'evaluation-order',
      version: 1,
      studyId,
      generation,
      planHash,
      candidateHash: candidate.hash,
      referenceHash: teacherHash,
      modelIndex: study.modelIndex,
      sites,
      issuedAt: unit.now.toISOString(),
      deadlineAt: deadlineAt.toISOString(),
    };
    const envelope = signMessage(order, this.identity);
    const hash = envelopeHash(envelope);
    const { modelIndex, candidateHash } = order;
    const undecided = { decision: null, reasons: null, judgement: null, decidedAt: null };
    const { evaluations, studies } = unit.repositories;
    await evaluations.insertOrder({
      ...{ studyId, generation, candidateHash, referenceHash: teacherHash, modelIndex, sites },
      ...{ envelope, envelopeHash: hash, issuedAt: unit.now, deadlineAt },
      ...undecided,
    });
    await this.markCandidate(unit, study, 'candidate');
    await studies.save(study);
    unit.record({ type: 'evaluation-ordered', studyId, generation, candidateHash, modelIndex, envelopeHash: hash });
    unit.enqueue({
      type: 'advance',
      key: `advance/${studyId}/${generation}/evaluation-deadline`,
      payload: { studyId },
      runAfter: deadlineAt,
    });
    unit.announce({ type: 'work', studyId, siteIds: sites });
    unit.announce({ type: 'evaluation', studyId, generation });
    unit.step('coordinator.order-published');
    return true;
  }

  /** Sites that are still to answer: asked, not revoked since, without a report or a withdrawal. */
  async awaited({ repositories }: Pick<Unit, 'repositories'>, order: StoredOrder): Promise<SiteId[]> {
    const { studyId, generation } = order;
    const reports = await repositories.evaluations.reports(studyId, generation);
    const withdrawals = await repositories.evaluations.withdrawals(studyId, generation);
    const answered = new Set([...reports, ...withdrawals].map(({ siteId }) => siteId));
    const approved = new Set((await repositories.sites.list()).filter(isApproved).map(({ siteId }) => siteId));
    return order.sites.filter((siteId) => approved.has(siteId) && !answered.has(siteId));
  }

  /** Decides when every site has answered or withdrawn, or the deadline is past. @returns whether the order is decided now */
  async settle(unit: Unit, study: Study, order: StoredOrder): Promise<boolean> {
    if (order.decision !== null) return true;
    const waiting = (await this.awaited(unit, order)).length > 0 && unit.now < order.deadlineAt;
    if (waiting) return false;
    const approved = new Set((await unit.repositories.sites.list()).filter(isApproved).map(({ siteId }) => siteId));
    const reports = (await unit.repositories.evaluations.reports(order.studyId, order.generation)).filter(
      ({ siteId }) => approved.has(siteId),
    );
    const { candidateHash, referenceHash } = order;
    const { reasons, judgement } = judgeCandidate({
      rule: study.plan.acceptance,
      candidateHash,
      referenceHash,
      reports: reports.map(({ report }) => report),
    });
    const evidence = reports.map((report) => report.envelopeHash);
    await this.decide(unit, study, order, { reasons, judgement, evidence });
    return true;
  }

  /** Writes a decision down: promoted without a reason against it. */
  async decide(
    unit: Unit,
    study: Study,
    order: StoredOrder,
    { reasons, judgement, evidence }: Decision,
  ): Promise<void> {
    const { studyId, generation, candidateHash: modelHash, modelIndex } = order;
    const promoted = reasons.length === 0;
    const decision = promoted ? ('promoted' as const) : ('rejected' as const);
    Object.assign(order, { decision, reasons: [...reasons], judgement, decidedAt: unit.now });
    await unit.repositories.evaluations.saveOrder(order);
    await this.markCandidate(unit, study, decision);
    if (promoted) {
      study.teacherHash = modelHash;
      unit.record({ type: 'candidate-promoted', studyId, generation, modelHash, modelIndex, judgement, evidence });
    } else {
      const lines = reasons.map(({ code, message }) => `${code}: ${message}`.slice(0, 300));
      unit.record({ type: 'candidate-rejected', studyId, generation, modelHash, reasons: lines, judgement, evidence });
    }
    await unit.repositories.studies.save(study);
    unit.announce({ type: 'model', studyId, modelHash });
    unit.announce({ type: 'evaluation', studyId, generation });
    unit.step(promoted ? 'coordinator.promoted' : 'coordinator.rejected');
  }

  private async markCandidate(
    { repositories, now }: Unit,
    study: Study,
    state: 'candidate' | 'promoted' | 'rejected',
  ): Promise<void> {
    const { hash, kind } = candidateOf(study);
    const model = await repositories.models.find(study.studyId, hash, kind);
    if (model === null) return;
    await repositories.models.mark(model.id, state, study.modelIndex, state === 'candidate' ? null : now);
  }
}

const isApproved = ({ state }: { readonly state: string }): boolean => state === 'approved';
