import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import { RateError } from './rate-limiter';
import { errorAnswer } from './error-answer';
import { requestContext } from './request-context';

const logger = new Logger('ErrorFilter');

/** Answers with an error body. After the first byte of an answer the connection is cut: half an answer must not pass for one. */
export function sendError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const { correlationId } = requestContext(request);
  const { status, body, internal } = errorAnswer(error, correlationId);
  if (internal) logger.error(stackOf(error));
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const bytes = Buffer.from(JSON.stringify(body));
  response.statusCode = status;
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.setHeader('content-length', bytes.length);
  response.setHeader('cache-control', 'no-store');
  if (status === 401) response.setHeader('www-authenticate', 'Bearer');
  if (error instanceof RateError) response.setHeader('retry-after', error.retryAfterSeconds);
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** The stack, with those of the causes. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${stackOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

/** The one exception filter of the coordinator. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    sendError(http.getRequest<IncomingMessage>(), http.getResponse<ServerResponse>(), error);
  }
}
