import { AsyncLocalStorage } from 'node:async_hooks';

/** The correlation id of the request that the running code serves; every log line of it carries it. */
export const requestScope = new AsyncLocalStorage<{ readonly correlationId: string }>();
