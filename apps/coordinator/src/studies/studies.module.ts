import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { RoundsModule } from '../rounds/rounds.module';
import { SiteStudiesController } from './site-studies.controller';
import { StudiesController } from './studies.controller';
import { StudiesService } from './studies.service';
import { StudyProgress } from './study-progress';

@Module({
  imports: [AuditModule, RoundsModule, EvaluationsModule],
  controllers: [StudiesController, SiteStudiesController],
  providers: [StudiesService, StudyProgress],
  exports: [StudiesService],
})
export class StudiesModule {}
