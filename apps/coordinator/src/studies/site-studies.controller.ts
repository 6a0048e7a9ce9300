import { parseStudyId, type StudyId } from '@fedistl/core';
import { type Answer, type ParsedBody, type SiteWork } from '@fedistl/protocol';
import { Controller } from '@nestjs/common';
import { CurrentSite } from '../access/current-principal.decorator';
import { type SitePrincipal } from '../access/principal';
import { wireEnvelope } from '../audit/wire-envelope';
import { EvaluationsService } from '../evaluations/evaluations.service';
import { Endpoint, EndpointBody, PathParameter } from '../http/endpoint.decorator';
import { RoundsService } from '../rounds/rounds.service';
import { StudiesService } from './studies.service';

/** Studies and their work for a site. */
@Controller()
export class SiteStudiesController {
  constructor(
    private readonly studies: StudiesService,
    private readonly rounds: RoundsService,
    private readonly evaluations: EvaluationsService,
  ) {}

  @Endpoint('siteStudies')
  list(@CurrentSite() { siteId }: SitePrincipal): Promise<Answer<'siteStudies'>> {
    return this.studies.forSite(siteId);
  }

  @Endpoint('joinStudy')
  join(
    @CurrentSite() { siteId }: SitePrincipal,
    @PathParameter('studyId', parseStudyId) studyId: StudyId,
    @EndpointBody('joinStudy') counts: ParsedBody<'joinStudy'>,
  ): Promise<Answer<'joinStudy'>> {
    return this.studies.join(siteId, studyId, counts);
  }

  @Endpoint('siteWork')
  async work(@CurrentSite() { siteId }: SitePrincipal): Promise<Answer<'siteWork'>> {
    const work = [...(await this.rounds.openWork(siteId)), ...(await this.evaluations.openWork(siteId))];
    return { work: work.map(wireWork) };
  }
}

function wireWork(work: SiteWork): Answer<'siteWork'>['work'][number] {
  return work.kind === 'round'
    ? { kind: 'round', manifest: wireEnvelope(work.manifest) }
    : { kind: 'evaluation', order: wireEnvelope(work.order) };
}
