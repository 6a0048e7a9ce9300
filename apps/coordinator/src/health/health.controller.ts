import { type ServerResponse } from 'node:http';
import { Database } from '@fedistl/persistence';
import { Controller, Get, Logger, Res } from '@nestjs/common';
import { Access } from '../access/access.guard';
import { HttpError } from '../http/http.errors';
import { Readiness } from './readiness';
import { Metrics } from './metrics';

/** For the machines that watch over the coordinator. */
@Controller()
export class HealthController {
  private readonly logger = new Logger(HealthController.name);

  constructor(
    private readonly database: Database,
    private readonly readiness: Readiness,
    private readonly metrics: Metrics,
  ) {}

  /** The process runs and answers. */
  @Get('health/live')
  @Access({})
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  /** It can do its work: the database answers, and it is not stopping. */
  @Get('health/ready')
  @Access({})
  async ready(): Promise<{ status: 'ready' }> {
    if (this.readiness.stopping)
      throw new HttpError('HTTP.STOPPING', 'expected a running coordinator, got one that stops');
    try {
      await this.database.ping();
    } catch (error) {
      this.logger.warn(`not ready: ${String(error)}`);
      throw new HttpError('HTTP.NOT_READY', 'expected a database that answers, got none', { cause: error });
    }
    return { status: 'ready' };
  }

  @Get('metrics')
  @Access({})
  async scrape(@Res() response: ServerResponse): Promise<void> {
    const text = await this.metrics.registry.metrics();
    response.setHeader('content-type', this.metrics.registry.contentType);
    response.end(text);
  }
}
