import { type SiteId, type StudyId } from '@fedistl/core';
import { type Envelope, parsePublicIdentity } from '@fedistl/crypto';
import { verifyEd25519Native } from '@fedistl/crypto/node';
import { Database, type EvaluationOrder } from '@fedistl/persistence';
import {
  type Answer,
  type EvaluationReport,
  type EvaluationWithdrawalRequest,
  openMessage,
  type SiteWork,
} from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { envelopeHash } from '../audit/envelope-hash';
import { type Unit, UnitOfWork } from '../audit/unit-of-work';
import { knownStudy, lockStudy } from '../studies/lock-study';
import { EvaluationError } from './evaluation.errors';
import { EvaluationOrders } from './evaluation-orders';
import { generationView } from './evaluation-view';

/** Orders and reports as sites and people see them. */
@Injectable()
export class EvaluationsService {
  constructor(
    private readonly database: Database,
    private readonly work: UnitOfWork,
    private readonly orders: EvaluationOrders,
  ) {}

  /** Evaluations that wait for this site. */
  async openWork(siteId: SiteId): Promise<SiteWork[]> {
    const { evaluations, studies } = this.database.repositories;
    const work: SiteWork[] = [];
    for (const order of await evaluations.openOrders()) {
      if (!order.sites.includes(siteId)) continue;
      const study = await studies.find(order.studyId);
      if (study === null || (study.state !== 'running' && study.state !== 'paused')) continue;
      if ((await evaluations.report(order.studyId, order.generation, siteId)) !== null) continue;
      if ((await evaluations.withdrawal(order.studyId, order.generation, siteId)) !== null) continue;
      work.push({ kind: 'evaluation', order: order.envelope });
    }
    return work;
  }

  /**
   * Takes a signed report. The same one again is acknowledged again.
   *
   * @throws ProtocolError (signature, form), EvaluationError `EVALUATION.*`
   */
  async submit(siteId: SiteId, envelope: Envelope): Promise<Answer<'submitEvaluation'>> {
    const report = await this.open(siteId, envelope);
    const duplicate = await this.work.run(async (unit) => {
      const study = await lockStudy(unit.repositories, report.studyId);
      const { studyId, generation } = report;
      const known = await unit.repositories.evaluations.report(studyId, generation, siteId);
      if (known?.envelopeHash === envelopeHash(envelope)) return true;
      if (known !== null) throw refused('CONFLICT', `one report of ${siteId} on generation ${generation}, got another`);
      const order = await unit.repositories.evaluations.orderForUpdate(studyId, generation);
      await checkReport(unit, report, order, study.planHash);
      await this.store(unit, report, envelope);
      unit.enqueue({ type: 'advance', key: `advance/${studyId}/${generation}/report-${siteId}`, payload: { studyId } });
      unit.step('coordinator.evaluation-accepted');
      return false;
    });
    return { accepted: true, duplicate };
  }

  /** A site sends no report on this candidate. Saying so twice is saying it once. @throws EvaluationError `EVALUATION.*` */
  async withdraw(siteId: SiteId, request: EvaluationWithdrawalRequest): Promise<void> {
    const { studyId, generation, code, message } = request;
    await this.work.run(async (unit) => {
      await lockStudy(unit.repositories, studyId);
      const { evaluations } = unit.repositories;
      if ((await evaluations.withdrawal(studyId, generation, siteId)) !== null) return;
      if ((await evaluations.report(studyId, generation, siteId)) !== null) {
        throw refused('CONFLICT', `no more of ${siteId}, which reported on generation ${generation}, got a withdrawal`);
      }
      openOrderOf(siteId, await evaluations.orderForUpdate(studyId, generation), 'a withdrawal');
      await evaluations.addWithdrawal({ studyId, generation, siteId, code, message, at: unit.now });
      unit.record({ type: 'evaluation-withdrawal', studyId, generation, siteId, code });
      const key = `advance/${studyId}/${generation}/evaluation-withdrawal-${siteId}`;
      unit.enqueue({ type: 'advance', key, payload: { studyId } });
      unit.announce({ type: 'evaluation', studyId, generation });
    });
  }

  /** The cross-site matrix of a study. @throws StudyError `STUDY.UNKNOWN` */
  async matrix(studyId: StudyId): Promise<Answer<'studyEvaluations'>> {
    const { evaluations, studies } = this.database.repositories;
    const study = knownStudy(await studies.find(studyId), studyId);
    const reports = await evaluations.reports(studyId);
    const withdrawals = await evaluations.withdrawals(studyId);
    const generations = [];
    for (const order of await evaluations.orders(studyId)) {
      const isOfOrder = ({ generation }: { readonly generation: number }): boolean => generation === order.generation;
      const around = {
        awaited: order.decision === null ? await this.orders.awaited(this.database, order) : [],
        withdrawals: withdrawals.filter(isOfOrder),
        confidence: 2 * study.plan.acceptance.confidence - 1,
      };
      generations.push(generationView(order, reports.filter(isOfOrder), around));
    }
    return { generations };
  }

  private async open(siteId: SiteId, envelope: Envelope): Promise<EvaluationReport> {
    const site = await this.database.repositories.sites.find(siteId);
    if (site?.state !== 'approved') throw refused('SITE_REVOKED', `an approved site, got ${siteId}`);
    const keys = [parsePublicIdentity(site.identity)];
    const report = openMessage('evaluation-report', envelope, { keys, verify: verifyEd25519Native });
    if (report.siteId !== siteId) throw refused('FOREIGN_REPORT', `a report of ${siteId}, got one of ${report.siteId}`);
    return report;
  }

  private async store(unit: Unit, report: EvaluationReport, envelope: Envelope): Promise<void> {
    const { studyId, generation, siteId, candidateHash, nonce } = report;
    const hash = envelopeHash(envelope);
    await unit.repositories.evaluations.insertReport({
      ...{ studyId, generation, siteId, candidateHash, report, envelope, nonce },
      envelopeHash: hash,
      receivedAt: unit.now,
    });
    unit.record({ type: 'evaluation-received', studyId, generation, siteId, candidateHash, envelopeHash: hash });
    unit.announce({ type: 'evaluation', studyId, generation });
  }
}

/** The order, when it waits for an answer of this site. */
function openOrderOf(siteId: SiteId, order: EvaluationOrder | null, what: string): EvaluationOrder {
  if (order?.sites.includes(siteId) !== true) {
    throw refused('NOT_ORDERED', `an evaluation that ${siteId} was asked for, got ${what} on another`);
  }
  if (order.decision === null) return order;
  throw refused('CLOSED', `${what} before the decision, got one of ${siteId} after it`);
}

function refused(reason: string, expectedAndGot: string): EvaluationError {
  return new EvaluationError(`EVALUATION.${reason}`, `expected ${expectedAndGot}`);
}

async function checkReport(
  { repositories }: Unit,
  report: EvaluationReport,
  ordered: EvaluationOrder | null,
  planHash: string,
): Promise<void> {
  const { siteId, studyId, generation, candidateHash, referenceHash, nonce } = report;
  const order = openOrderOf(siteId, ordered, 'a report');
  if ((await repositories.evaluations.withdrawal(studyId, generation, siteId)) !== null) {
    throw refused('WITHDRAWN', `no report of ${siteId}, which withdrew from generation ${generation}, got one`);
  }
  if (report.planHash !== planHash)
    throw refused('WRONG_PLAN', `a report under plan ${planHash}, got ${report.planHash}`);
  if (candidateHash !== order.candidateHash || referenceHash !== order.referenceHash) {
    const [wanted, got] = [order, report].map(
      (pair) => `${pair.candidateHash} against ${pair.referenceHash ?? 'none'}`,
    );
    throw refused('WRONG_MODEL', `${wanted ?? ''}, got ${got ?? ''}`);
  }
  if (await repositories.evaluations.hasNonce(siteId, nonce)) {
    throw refused('REPLAYED', `a new nonce of ${siteId}, got one that it used before`);
  }
}
