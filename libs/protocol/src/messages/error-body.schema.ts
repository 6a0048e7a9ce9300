import { type DomainError } from '@fedistl/core';
import { z } from 'zod';

/**
 * What a refused request answers. Not strict: a newer coordinator may add members, and a client that ignores them loses
 * nothing. Never a stack, a path or a pixel value.
 */
export const errorBodySchema = z.object({
  type: z.literal('error'),
  version: z.literal(1),
  code: z.string().regex(/^[A-Z0-9_]+(?:\.[A-Z0-9_]+)+$/),
  message: z.string().max(2000),
  /** Ties the answer to the server's log line. */
  correlationId: z.string().min(1).max(100),
});

export type ErrorBody = z.infer<typeof errorBodySchema>;

/** The wire form of an error: code and message, without details and cause, which may hold what must not leave. */
export function errorBody(error: DomainError, correlationId: string): ErrorBody {
  return { type: 'error', version: 1, code: error.code, message: error.message.slice(0, 2000), correlationId };
}
