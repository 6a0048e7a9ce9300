import { randomUUID } from 'node:crypto';
import { Database, type Proposal, type Row } from '@fedistl/persistence';
import { type Answer, type ParsedBody } from '@fedistl/protocol';
import { Injectable } from '@nestjs/common';
import { AccessError } from '../access/access.errors';
import { type PersonPrincipal } from '../access/principal';
import { UnitOfWork } from '../audit/unit-of-work';
import { actionOf, proposalView } from './proposal-view';
import { ProposalError } from './proposal.errors';
import { ProposedActions } from './proposed-actions';

/** Promotions, rollbacks and revocations take two people: one proposes, another decides, and the decision carries it out. */
@Injectable()
export class ProposalsService {
  constructor(
    private readonly database: Database,
    private readonly work: UnitOfWork,
    private readonly actions: ProposedActions,
  ) {}

  async propose({ proposal, reason }: ParsedBody<'propose'>, person: PersonPrincipal): Promise<Answer<'propose'>> {
    return this.work.run(async (unit) => {
      await this.actions.check(unit, proposal);
      const row: Row<Proposal> = {
        id: randomUUID(),
        action: proposal.action,
        subject: proposal,
        studyId: proposal.action === 'revoke-site' ? null : proposal.studyId,
        reason,
        state: 'open',
        proposedBy: person.name,
        proposedAt: unit.now,
        decidedBy: null,
        decidedAt: null,
        decisionReason: null,
      };
      await unit.repositories.proposals.insert(row);
      unit.announce({ type: 'proposal', proposalId: row.id });
      return proposalView(row);
    });
  }

  async list(): Promise<Answer<'listProposals'>> {
    return { proposals: (await this.database.repositories.proposals.list()).map(proposalView) };
  }

  /**
   * @throws ProposalError `PROPOSAL.NOT_FOUND`, `PROPOSAL.DECIDED`; AccessError `ACCESS.FOUR_EYES` for the proposer, whatever
   *   token is used; what carrying it out throws, and then nothing is decided
   */
  async decide(
    id: string,
    state: 'approved' | 'refused',
    { person, reason }: { person: PersonPrincipal; reason: string },
  ): Promise<Answer<'approveProposal'>> {
    return this.work.run(async (unit) => {
      const proposal = requireOpen(await unit.repositories.proposals.findForUpdate(id), id);
      if (proposal.proposedBy === person.name) {
        throw new AccessError('ACCESS.FOUR_EYES', `expected another person than ${person.name}, who proposed it`);
      }
      const decided = { state, decidedBy: person.name, decidedAt: unit.now, decisionReason: reason };
      await unit.repositories.proposals.save(Object.assign(proposal, decided));
      if (state === 'approved') {
        const decision = { proposedBy: proposal.proposedBy, decidedBy: person, reason };
        await this.actions.carryOut(unit, actionOf(proposal), decision);
      }
      unit.announce({ type: 'proposal', proposalId: id });
      return proposalView(proposal);
    });
  }
}

function requireOpen(proposal: Proposal | null, id: string): Proposal {
  if (proposal === null) throw new ProposalError('PROPOSAL.NOT_FOUND', `expected a proposal, got ${id}, which is none`);
  if (proposal.state === 'open') return proposal;
  throw new ProposalError(
    'PROPOSAL.DECIDED',
    `expected an open proposal, got one that ${proposal.decidedBy ?? 'somebody'} ${proposal.state}`,
  );
}
