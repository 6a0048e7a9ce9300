import { Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module';
import { EvaluationOrders } from './evaluation-orders';
import { EvaluationsController } from './evaluations.controller';
import { EvaluationsService } from './evaluations.service';

@Module({
  imports: [AuditModule],
  controllers: [EvaluationsController],
  providers: [EvaluationOrders, EvaluationsService],
  exports: [EvaluationOrders, EvaluationsService],
})
export class EvaluationsModule {}
