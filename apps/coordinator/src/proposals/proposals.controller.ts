import { type Answer, type ParsedBody } from '@fedistl/protocol';
import { Controller } from '@nestjs/common';
import { z } from 'zod';
import { CurrentPerson } from '../access/current-principal.decorator';
import { type PersonPrincipal } from '../access/principal';
import { Endpoint, EndpointBody, PathParameter } from '../http/endpoint.decorator';
import { ProposalError } from './proposal.errors';
import { ProposalsService } from './proposals.service';

@Controller()
export class ProposalsController {
  constructor(private readonly proposals: ProposalsService) {}

  @Endpoint('propose')
  propose(
    @EndpointBody('propose') body: ParsedBody<'propose'>,
    @CurrentPerson() person: PersonPrincipal,
  ): Promise<Answer<'propose'>> {
    return this.proposals.propose(body, person);
  }

  @Endpoint('listProposals')
  list(): Promise<Answer<'listProposals'>> {
    return this.proposals.list();
  }

  @Endpoint('approveProposal')
  approve(
    @PathParameter('id', parseProposalId) id: string,
    @EndpointBody('approveProposal') { reason }: ParsedBody<'approveProposal'>,
    @CurrentPerson() person: PersonPrincipal,
  ): Promise<Answer<'approveProposal'>> {
    return this.proposals.decide(id, 'approved', { person, reason });
  }

  @Endpoint('refuseProposal')
  refuse(
    @PathParameter('id', parseProposalId) id: string,
    @EndpointBody('refuseProposal') { reason }: ParsedBody<'refuseProposal'>,
    @CurrentPerson() person: PersonPrincipal,
  ): Promise<Answer<'refuseProposal'>> {
    return this.proposals.decide(id, 'refused', { person, reason });
  }
}

function parseProposalId(value: unknown): string {
  const { success, data } = z.uuid().safeParse(value);
  if (!success)
    throw new ProposalError('PROPOSAL.NOT_FOUND', 'expected the id of a proposal (a UUID), got another text');
  return data;
}
