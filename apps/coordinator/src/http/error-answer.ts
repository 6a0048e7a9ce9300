import { DomainError } from '@fedistl/core';
import { type ErrorBody, errorBody } from '@fedistl/protocol';
import { HttpException } from '@nestjs/common';
import { HttpError } from './http.errors';
import { httpStatusOf } from './http-status';

export interface ErrorAnswer {
  readonly status: number;
  readonly body: ErrorBody;
  /** Whether it is the coordinator's own failure, to be logged with its stack. */
  readonly internal: boolean;
}

/** What a refused or failed request answers. An error of no known code shows nothing of itself. */
export function errorAnswer(error: unknown, correlationId: string): ErrorAnswer {
  const known = toDomainError(error);
  const status = known === undefined ? undefined : httpStatusOf(known.code);
  if (known !== undefined && status !== undefined) {
    return { status, body: errorBody(known, correlationId), internal: status === 500 };
  }
  const hidden = new HttpError(
    'INTERNAL.ERROR',
    `the coordinator failed to answer; its log has the reason under ${correlationId}`,
  );
  return { status: 500, body: errorBody(hidden, correlationId), internal: true };
}

/** Errors of Nest and of the body parser in the words of this API. */
function toDomainError(error: unknown): DomainError | undefined {
  if (error instanceof DomainError) return error;
  const status = error instanceof HttpException ? error.getStatus() : clientStatus(error);
  switch (status) {
    case undefined:
      return undefined;
    case 404:
      return new HttpError('HTTP.NOT_FOUND', 'expected a path of the API, got one that it does not have');
    case 413:
      return new HttpError('HTTP.BODY_TOO_LARGE', 'expected a smaller request body');
    default:
      if (status >= 500) return undefined;
      return isBadJson(error)
        ? new HttpError('HTTP.BAD_JSON', 'expected a JSON body, got one that does not parse')
        : new HttpError(
            'HTTP.REFUSED',
            `expected a well-formed request, got one that is refused with status ${status}`,
          );
  }
}

/** `http-errors` of the body parser: `expose` says that the client caused it. */
function clientStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error) || !('expose' in error)) return undefined;
  return error.expose === true && typeof error.status === 'number' ? error.status : undefined;
}

function isBadJson(error: unknown): boolean {
  const cause = error instanceof HttpException ? error.cause : error;
  const type = typeof cause === 'object' && cause !== null && 'type' in cause ? cause.type : undefined;
  return type === 'entity.parse.failed' || (error instanceof HttpException && error.message.includes('JSON'));
}
