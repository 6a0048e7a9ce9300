import { type EntityManager } from 'typeorm';
import { Proposal, type ProposalState } from '../entities/proposal.entity';
import { insertRow, type Row } from './row';

export class ProposalRepository {
  constructor(private readonly manager: EntityManager) {}

  list(state?: ProposalState): Promise<Proposal[]> {
    return this.manager.find(Proposal, {
      ...(state === undefined ? {} : { where: { state } }),
      order: { proposedAt: 'DESC', id: 'ASC' },
    });
  }

  find(id: string): Promise<Proposal | null> {
    return this.manager.findOneBy(Proposal, { id });
  }

  findForUpdate(id: string): Promise<Proposal | null> {
    return this.manager.findOne(Proposal, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  async insert(proposal: Row<Proposal>): Promise<void> {
    await insertRow(this.manager, Proposal, proposal);
  }

  async save(proposal: Row<Proposal>): Promise<void> {
    await this.manager.save(Proposal, proposal);
  }
}
