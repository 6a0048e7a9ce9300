import { parseStudyId, type StudyId } from '@fedistl/core';
import { type Answer, type ParsedBody } from '@fedistl/protocol';
import { Controller } from '@nestjs/common';
import { CurrentPerson } from '../access/current-principal.decorator';
import { type PersonPrincipal } from '../access/principal';
import { Endpoint, EndpointBody, PathParameter } from '../http/endpoint.decorator';
import { StudiesService } from './studies.service';

/** Studies for people. */
@Controller()
export class StudiesController {
  constructor(private readonly studies: StudiesService) {}

  @Endpoint('createStudy')
  create(
    @EndpointBody('createStudy') { plan, initialModel }: ParsedBody<'createStudy'>,
    @CurrentPerson() by: PersonPrincipal,
  ): Promise<Answer<'createStudy'>> {
    return this.studies.create(plan, initialModel, by);
  }

  @Endpoint('listStudies')
  list(): Promise<Answer<'listStudies'>> {
    return this.studies.list();
  }

  @Endpoint('showStudy')
  show(@PathParameter('studyId', parseStudyId) studyId: StudyId): Promise<Answer<'showStudy'>> {
    return this.studies.show(studyId);
  }

  @Endpoint('studyPlan')
  plan(@PathParameter('studyId', parseStudyId) studyId: StudyId): Promise<Answer<'studyPlan'>> {
    return this.studies.plan(studyId);
  }

  @Endpoint('approveStudy')
  approve(
    @PathParameter('studyId', parseStudyId) studyId: StudyId,
    @CurrentPerson() by: PersonPrincipal,
  ): Promise<Answer<'approveStudy'>> {
    return this.studies.approve(studyId, by);
  }

  @Endpoint('startStudy')
  start(@PathParameter('studyId', parseStudyId) studyId: StudyId): Promise<Answer<'startStudy'>> {
    return this.studies.start(studyId);
  }

  @Endpoint('pauseStudy')
  pause(
    @PathParameter('studyId', parseStudyId) studyId: StudyId,
    @CurrentPerson() by: PersonPrincipal,
  ): Promise<Answer<'pauseStudy'>> {
    return this.studies.pause(studyId, by);
  }

  @Endpoint('resumeStudy')
  resume(@PathParameter('studyId', parseStudyId) studyId: StudyId): Promise<Answer<'resumeStudy'>> {
    return this.studies.resume(studyId);
  }

  @Endpoint('cancelStudy')
  cancel(
    @PathParameter('studyId', parseStudyId) studyId: StudyId,
    @CurrentPerson() by: PersonPrincipal,
  ): Promise<Answer<'cancelStudy'>> {
    return this.studies.cancel(studyId, by);
  }
}
