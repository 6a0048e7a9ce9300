import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Logger } from 'pino';
import { type Principal } from '../access/principal';
import { requestContext } from './request-context';

/** One line for every answered request: who, what, how long; without query string, headers and bodies. */
export function logRequests(logger: Logger) {
  return (request: IncomingMessage & { originalUrl?: string }, response: ServerResponse, next: () => void): void => {
    const started = process.hrtime.bigint();
    response.once('close', () => {
      const { correlationId, principal } = requestContext(request);
      const line = {
        correlationId,
        method: request.method,
        path: (request.originalUrl ?? request.url ?? '').split('?', 1)[0],
        status: response.statusCode,
        milliseconds: Math.round(Number(process.hrtime.bigint() - started) / 1e6),
        ...(response.writableFinished ? {} : { aborted: true }),
        ...(principal === undefined ? {} : { by: shown(principal) }),
      };
      logger[response.statusCode >= 500 ? 'error' : 'info'](line, 'request');
    });
    next();
  };
}

/** A principal in a log line: a site by name, a person by the token's id. */
export function shown(principal: Principal): string {
  return principal.kind === 'site' ? `site ${principal.siteId}` : `token ${principal.id}`;
}
