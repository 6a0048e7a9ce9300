import { Module } from '@nestjs/common';
import { SitesModule } from '../sites/sites.module';
import { CoordinatorActions } from './coordinator-actions';
import { ProposalsController } from './proposals.controller';
import { ProposalsService } from './proposals.service';
import { ProposedActions } from './proposed-actions';

/** Needs `ModelGovernance` and `SiteDepartures` from global modules. */
@Module({
  imports: [SitesModule],
  controllers: [ProposalsController],
  providers: [ProposalsService, { provide: ProposedActions, useClass: CoordinatorActions }],
})
export class ProposalsModule {}
