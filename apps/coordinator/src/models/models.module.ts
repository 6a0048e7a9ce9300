import { Global, Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { ModelGovernance } from '../proposals/engine-ports';
import { RoundsModule } from '../rounds/rounds.module';
import { ModelsController } from './models.controller';
import { ModelsService } from './models.service';

/** Global for the proposals, which decide about models. */
@Global()
@Module({
  imports: [AuditModule, RoundsModule, EvaluationsModule],
  controllers: [ModelsController],
  providers: [ModelsService, { provide: ModelGovernance, useExisting: ModelsService }],
  exports: [ModelsService, ModelGovernance],
})
export class ModelsModule {}
