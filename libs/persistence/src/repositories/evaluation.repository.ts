import { type SiteId, type StudyId } from '@fedistl/core';
import { type EntityManager, IsNull } from 'typeorm';
import { EvaluationOrder } from '../entities/evaluation-order.entity';
import { StoredEvaluationReport } from '../entities/evaluation-report.entity';
import { EvaluationWithdrawal } from '../entities/evaluation-withdrawal.entity';
import { insertRow, insertRowOnce, type Row } from './row';

/** Evaluation orders, and the reports and withdrawals that answer them. */
export class EvaluationRepository {
  constructor(private readonly manager: EntityManager) {}

  order(studyId: StudyId, generation: number): Promise<EvaluationOrder | null> {
    return this.manager.findOneBy(EvaluationOrder, { studyId, generation });
  }

  /** The order's row, locked until the transaction ends. */
  orderForUpdate(studyId: StudyId, generation: number): Promise<EvaluationOrder | null> {
    return this.manager.findOne(EvaluationOrder, {
      where: { studyId, generation },
      lock: { mode: 'pessimistic_write' },
    });
  }

  orders(studyId: StudyId): Promise<EvaluationOrder[]> {
    return this.manager.find(EvaluationOrder, { where: { studyId }, order: { generation: 'ASC' } });
  }

  /** Orders that are not decided, of all studies. */
  openOrders(): Promise<EvaluationOrder[]> {
    return this.manager.find(EvaluationOrder, {
      where: { decision: IsNull() },
      order: { studyId: 'ASC', generation: 'ASC' },
    });
  }

  async insertOrder(order: Row<EvaluationOrder>): Promise<void> {
    await insertRow(this.manager, EvaluationOrder, order);
  }

  async saveOrder(order: Row<EvaluationOrder>): Promise<void> {
    await this.manager.save(EvaluationOrder, order);
  }

  report(studyId: StudyId, generation: number, siteId: SiteId): Promise<StoredEvaluationReport | null> {
    return this.manager.findOneBy(StoredEvaluationReport, { studyId, generation, siteId });
  }

  /** Of one generation, or of all; ascending by generation and site. */
  reports(studyId: StudyId, generation?: number): Promise<StoredEvaluationReport[]> {
    return this.manager.find(StoredEvaluationReport, ascending(studyId, generation));
  }

  async insertReport(report: Row<StoredEvaluationReport>): Promise<void> {
    await insertRow(this.manager, StoredEvaluationReport, report);
  }

  async hasNonce(siteId: SiteId, nonce: string): Promise<boolean> {
    return this.manager.existsBy(StoredEvaluationReport, { siteId, nonce });
  }

  /** Keeps the first word of a site. */
  async addWithdrawal(withdrawal: Row<EvaluationWithdrawal>): Promise<void> {
    await insertRowOnce(this.manager, EvaluationWithdrawal, withdrawal);
  }

  withdrawal(studyId: StudyId, generation: number, siteId: SiteId): Promise<EvaluationWithdrawal | null> {
    return this.manager.findOneBy(EvaluationWithdrawal, { studyId, generation, siteId });
  }

  /** Of one generation, or of all; ascending by generation and site. */
  withdrawals(studyId: StudyId, generation?: number): Promise<EvaluationWithdrawal[]> {
    return this.manager.find(EvaluationWithdrawal, ascending(studyId, generation));
  }
}

/** Of one generation, or of all, by generation and site. */
function ascending(studyId: StudyId, generation: number | undefined) {
  return {
    where: { studyId, ...(generation === undefined ? {} : { generation }) },
    order: { generation: 'ASC', siteId: 'ASC' },
  } as const;
}
