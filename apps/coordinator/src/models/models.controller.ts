import { type ModelHash, parseModelHash, parseStudyId, type StudyId } from '@fedistl/core';
import { type Answer } from '@fedistl/protocol';
import { Controller } from '@nestjs/common';
import { Endpoint, PathParameter } from '../http/endpoint.decorator';
import { ModelsService } from './models.service';

@Controller()
export class ModelsController {
  constructor(private readonly models: ModelsService) {}

  @Endpoint('studyModels')
  ofStudy(@PathParameter('studyId', parseStudyId) studyId: StudyId): Promise<Answer<'studyModels'>> {
    return this.models.ofStudy(studyId);
  }

  @Endpoint('showModel')
  show(@PathParameter('hash', parseModelHash) hash: ModelHash): Promise<Answer<'showModel'>> {
    return this.models.show(hash);
  }
}
