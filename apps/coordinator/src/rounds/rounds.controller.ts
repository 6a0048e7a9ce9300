import { parseStudyId, type StudyId } from '@fedistl/core';
import { type Answer, type ParsedBody } from '@fedistl/protocol';
import { Controller } from '@nestjs/common';
import { CurrentSite } from '../access/current-principal.decorator';
import { type SitePrincipal } from '../access/principal';
import { Endpoint, EndpointBody, PathParameter } from '../http/endpoint.decorator';
import { RoundViews } from './round-views';
import { RoundsService } from './rounds.service';
import { UpdateIntake } from './update-intake';

@Controller()
export class RoundsController {
  constructor(
    private readonly rounds: RoundsService,
    private readonly intake: UpdateIntake,
    private readonly views: RoundViews,
  ) {}

  @Endpoint('studyRounds')
  ofStudy(@PathParameter('studyId', parseStudyId) studyId: StudyId): Promise<Answer<'studyRounds'>> {
    return this.views.ofStudy(studyId);
  }

  @Endpoint('submitUpdate')
  submit(
    @CurrentSite() site: SitePrincipal,
    @EndpointBody('submitUpdate') { envelope }: ParsedBody<'submitUpdate'>,
  ): Promise<Answer<'submitUpdate'>> {
    return this.intake.submit(site.siteId, envelope);
  }

  @Endpoint('withdraw')
  async withdraw(
    @CurrentSite() site: SitePrincipal,
    @EndpointBody('withdraw') request: ParsedBody<'withdraw'>,
  ): Promise<Answer<'withdraw'>> {
    await this.rounds.withdraw(site.siteId, request);
    return {};
  }
}
