import { parseStudyId, type StudyId } from '@fedistl/core';
import { type Answer, type ParsedBody } from '@fedistl/protocol';
import { Controller } from '@nestjs/common';
import { CurrentSite } from '../access/current-principal.decorator';
import { type SitePrincipal } from '../access/principal';
import { Endpoint, EndpointBody, PathParameter } from '../http/endpoint.decorator';
import { ParticipationService } from './participation.service';

@Controller()
export class ParticipationController {
  constructor(private readonly participation: ParticipationService) {}

  @Endpoint('siteStudies')
  list(@CurrentSite() { siteId }: SitePrincipal): Promise<Answer<'siteStudies'>> {
    return this.participation.list(siteId);
  }

  @Endpoint('joinStudy')
  join(
    @CurrentSite() { siteId }: SitePrincipal,
    @PathParameter('studyId', parseStudyId) studyId: StudyId,
    @EndpointBody('joinStudy') body: ParsedBody<'joinStudy'>,
  ): Promise<Answer<'joinStudy'>> {
    return this.participation.join(siteId, studyId, body);
  }
}
