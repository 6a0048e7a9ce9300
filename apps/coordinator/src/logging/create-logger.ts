import pino, { type Logger } from 'pino';
import { type CoordinatorConfig } from '../config/read-config';
import { requestScope } from './request-scope';

/**
 * Structured log: a JSON object a line, to standard error. Callers log names and numbers, never a body, a header or a
 * token; `redact` is the second net.
 *
 * @param destination file descriptor, or anything with `write`; default standard error
 */
export function createLogger(
  config: Pick<CoordinatorConfig, 'logLevel'>,
  destination: pino.DestinationStream = pino.destination({ dest: 2, sync: true }),
): Logger {
  return pino(
    {
      level: config.logLevel,
      base: { service: 'coordinator' },
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => requestScope.getStore() ?? {},
      redact: ['token', 'authorization', 'headers', 'body', '*.token', '*.authorization', '*.headers', '*.body'],
    },
    destination,
  );
}
