import { DomainError } from '@fedistl/core';

/** A call to the coordinator that did not come to a usable answer. Codes `CLIENT.*`: docs/errors/client.md. */
export class ClientError extends DomainError {}

export interface Refusal {
  /** HTTP status. */
  readonly status: number;
  /** Ties the answer to the coordinator's log line. */
  readonly correlationId: string;
  /** Seconds after which the coordinator wants to be asked again, when it said so. */
  readonly retryAfterSeconds?: number;
}

/** The coordinator's own refusal: its code, its message, and the id under which it logged it. */
export class RefusedError extends DomainError {
  readonly status: number;
  readonly correlationId: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: string, message: string, { status, correlationId, retryAfterSeconds }: Refusal) {
    super(code, message, { details: { status, correlationId } });
    this.status = status;
    this.correlationId = correlationId;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Whether the same call may succeed later: nobody answered, or the answer was "not now". */
export function isTransient(error: unknown): boolean {
  if (error instanceof RefusedError) return [408, 425, 429, 500, 502, 503, 504].includes(error.status);
  return error instanceof ClientError && TRANSIENT.has(error.code);
}

const TRANSIENT = new Set([
  'CLIENT.UNREACHABLE',
  'CLIENT.TIMEOUT',
  'CLIENT.CUT',
  'CLIENT.UNAVAILABLE',
  'CLIENT.PROXY_UNREACHABLE',
]);
