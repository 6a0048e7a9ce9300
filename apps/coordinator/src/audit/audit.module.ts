import { Global, Module } from '@nestjs/common';
import { AuditTrail } from '../events/audit-trail';
import { JobsModule } from '../jobs/jobs.module';
import { Approvals } from './approvals';
import { AuditService } from './audit.service';
import { LedgerController } from './ledger.controller';
import { UnitOfWork } from './unit-of-work';

/** Needs `Database`, `Identity` and `Events` from global modules. */
@Global()
@Module({
  imports: [JobsModule],
  controllers: [LedgerController],
  providers: [AuditService, { provide: AuditTrail, useExisting: AuditService }, UnitOfWork, Approvals],
  exports: [AuditService, AuditTrail, UnitOfWork, Approvals],
})
export class AuditModule {}
