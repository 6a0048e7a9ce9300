import { type LoggerService } from '@nestjs/common';
import { type Logger } from 'pino';

/** Contexts in which Nest tells how it puts the application together: a hundred lines at each start, the same every time. */
const construction: ReadonlySet<unknown> = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
]);

/** Lets Nest, and every `new Logger(name)` of the services, write to the structured log. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    const level = construction.has(rest.at(-1)) ? 'debug' : 'info';
    this.logger[level](fields(rest), text(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error(fields(rest), text(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(fields(rest), text(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(fields(rest), text(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.trace(fields(rest), text(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal(fields(rest), text(message));
  }
}

/** Nest passes the context (a class name) last, and a stack before it. */
function fields(rest: readonly unknown[]): Record<string, unknown> {
  const context = rest.at(-1);
  const details = rest.slice(0, -1).filter((each) => each !== undefined);
  return { ...(context === undefined ? {} : { context }), ...(details.length === 0 ? {} : { details }) };
}

function text(message: unknown): string {
  if (message instanceof Error) return message.stack ?? message.message;
  return typeof message === 'string' ? message : JSON.stringify(message);
}
