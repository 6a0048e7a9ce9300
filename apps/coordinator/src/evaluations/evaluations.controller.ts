import { parseStudyId, type StudyId } from '@fedistl/core';
import { type Answer, type ParsedBody } from '@fedistl/protocol';
import { Controller } from '@nestjs/common';
import { CurrentSite } from '../access/current-principal.decorator';
import { type SitePrincipal } from '../access/principal';
import { Endpoint, EndpointBody, PathParameter } from '../http/endpoint.decorator';
import { EvaluationsService } from './evaluations.service';

@Controller()
export class EvaluationsController {
  constructor(private readonly evaluations: EvaluationsService) {}

  @Endpoint('studyEvaluations')
  matrix(@PathParameter('studyId', parseStudyId) studyId: StudyId): Promise<Answer<'studyEvaluations'>> {
    return this.evaluations.matrix(studyId);
  }

  @Endpoint('submitEvaluation')
  submit(
    @CurrentSite() site: SitePrincipal,
    @EndpointBody('submitEvaluation') { envelope }: ParsedBody<'submitEvaluation'>,
  ): Promise<Answer<'submitEvaluation'>> {
    return this.evaluations.submit(site.siteId, envelope);
  }

  @Endpoint('withdrawEvaluation')
  async withdraw(
    @CurrentSite() site: SitePrincipal,
    @EndpointBody('withdrawEvaluation') request: ParsedBody<'withdrawEvaluation'>,
  ): Promise<Answer<'withdrawEvaluation'>> {
    await this.evaluations.withdraw(site.siteId, request);
    return {};
  }
}
