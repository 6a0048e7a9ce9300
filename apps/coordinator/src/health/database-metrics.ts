import { Database } from '@fedistl/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Metrics } from './metrics';

interface CountRow {
  readonly name: string;
  readonly count: string;
}

/** Gauges that are counted in the database when they are asked for. */
@Injectable()
export class DatabaseMetrics {
  private readonly logger = new Logger(DatabaseMetrics.name);

  constructor(
    private readonly database: Database,
    metrics: Metrics,
  ) {
    this.gauge(metrics, { name: 'fedistl_rounds', help: 'Rounds by phase', label: 'phase', table: 'round' });
    this.gauge(metrics, { name: 'fedistl_studies', help: 'Studies by state', label: 'state', table: 'study' });
    this.gauge(metrics, { name: 'fedistl_sites', help: 'Sites by state', label: 'state', table: 'site' });
    this.gauge(metrics, { name: 'fedistl_jobs', help: 'Jobs by state', label: 'state', table: 'job' });
  }

  private gauge(metrics: Metrics, of: { name: string; help: string; label: string; table: string }): void {
    const { name, help, label, table } = of;
    const { database, logger } = this;
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [metrics.registry],
      async collect() {
        this.reset();
        try {
          const query = `SELECT "${label}" AS "name", count(*) AS "count" FROM "${table}" GROUP BY "${label}"`;
          const rows: CountRow[] = await database.source.query(query);
          for (const row of rows) this.set({ [label]: row.name }, Number(row.count));
        } catch (error) {
          // The other metrics matter most when the database is away.
          logger.warn(`${name} could not be counted: ${String(error)}`);
        }
      },
    });
  }
}
