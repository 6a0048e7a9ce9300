import { Global, Module } from '@nestjs/common';
import { SitesModule } from '../sites/sites.module';
import { DatabaseMetrics } from './database-metrics';
import { HealthController } from './health.controller';
import { Metrics } from './metrics';
import { Readiness } from './readiness';

@Global()
@Module({
  imports: [SitesModule],
  controllers: [HealthController],
  providers: [Metrics, DatabaseMetrics, Readiness],
  exports: [Metrics, Readiness],
})
export class HealthModule {}
