import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse } from 'node:http';
import { requestScope } from '../logging/request-scope';
import { setRequestContext } from './request-context';

export const correlationHeader = 'x-correlation-id';

/**
 * First middleware: gives the request its correlation id, the caller's where it is a plain name of at most 64 characters,
 * and answers with it.
 */
export function correlate(request: IncomingMessage, response: ServerResponse, next: () => void): void {
  const asked = request.headers[correlationHeader];
  const correlationId = typeof asked === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(asked) ? asked : randomUUID();
  setRequestContext(request, { correlationId });
  response.setHeader(correlationHeader, correlationId);
  requestScope.run({ correlationId }, next);
}
