import { Global, Module } from '@nestjs/common';
import { AuditModule } from '../audit/audit.module';
import { SiteDepartures } from '../proposals/engine-ports';
import { AggregationJob } from './aggregation-job';
import { RevokedSites } from './revoked-sites';
import { RoundOpening } from './round-opening';
import { RoundTransitions } from './round-transitions';
import { RoundViews } from './round-views';
import { RoundsController } from './rounds.controller';
import { RoundsService } from './rounds.service';
import { UpdateIntake } from './update-intake';

/** Global for the proposals, which revoke sites. */
@Global()
@Module({
  imports: [AuditModule],
  controllers: [RoundsController],
  providers: [
    RoundTransitions,
    RoundOpening,
    UpdateIntake,
    AggregationJob,
    RoundsService,
    RoundViews,
    { provide: SiteDepartures, useClass: RevokedSites },
  ],
  exports: [RoundTransitions, RoundOpening, UpdateIntake, RoundsService, SiteDepartures],
})
export class RoundsModule {}
