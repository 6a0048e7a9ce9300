import { type IncomingMessage } from 'node:http';
import { type Principal } from '../access/principal';

/** What this service keeps with a request. */
export interface RequestContext {
  readonly correlationId: string;
  principal?: Principal;
}

const contexts = new WeakMap<IncomingMessage, RequestContext>();

export function setRequestContext(request: IncomingMessage, context: RequestContext): void {
  contexts.set(request, context);
}

/** The context that the first middleware made; `unknown` as correlation id where none was (a request refused by Node). */
export function requestContext(request: IncomingMessage): RequestContext {
  return contexts.get(request) ?? { correlationId: 'unknown' };
}
