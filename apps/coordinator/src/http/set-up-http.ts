import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { apiBasePath } from '@fedistl/protocol';
import { type NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import { type Logger } from 'pino';
import { type CoordinatorConfig } from '../config/read-config';
import { Metrics } from '../health/metrics';
import { cutWhenIdle } from '../transfer/idle-cut';
import { UploadHandler } from '../transfer/upload-handler';
import { correlate } from './correlation';
import { logRequests } from './request-log';

/** Everything between the socket and the controllers. */
export function setUpHttp(
  app: NestExpressApplication,
  { config, logger }: { config: CoordinatorConfig; logger: Logger },
): void {
  const uploads = app.get(UploadHandler);
  app.setGlobalPrefix(apiBasePath.slice(1));
  app.set('trust proxy', config.trustProxy);
  app.set('etag', false);
  app.use(correlate, logRequests(logger), app.get(Metrics).observe, cutWhenIdle(config.uploads.idleMs), helmet());
  app.use(`${apiBasePath}/uploads`, (request: IncomingMessage, response: ServerResponse) => {
    void uploads.handle(request, response);
  });
  app.useBodyParser('json', { limit: config.maximumBodyBytes, strict: true });
  const server: Server = app.getHttpServer();
  // Node would end every request after five minutes; an upload over a thin line takes hours. `cutWhenIdle` watches instead.
  server.requestTimeout = 0;
  server.headersTimeout = 60_000;
  // Longer than proxies keep their side open, so that they never write into a closed connection.
  server.keepAliveTimeout = 75_000;
}
