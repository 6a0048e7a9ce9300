import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module';
import { EvaluationsModule } from '../evaluations/evaluations.module';
import { JobsModule } from '../jobs/jobs.module';
import { ModelsModule } from '../models/models.module';
import { RoundsModule } from '../rounds/rounds.module';
import { StudiesModule } from './studies.module';

/**
 * All that moves studies. Needs `Database` and `BlobStore` of `@fedistl/persistence`, `Identity` of `@fedistl/crypto` and
 * `Events` from global modules; starts the job runner with the application and stops it before the others shut down.
 */
@Module({
  imports: [JobsModule, AuditModule, RoundsModule, EvaluationsModule, StudiesModule, ModelsModule],
  exports: [JobsModule, AuditModule, RoundsModule, EvaluationsModule, StudiesModule, ModelsModule],
})
export class EngineModule {}
