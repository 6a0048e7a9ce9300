import pino, { type Logger } from 'pino';
import { type NodeConfig } from '../config/node-config';
import { safeError, type SafeError } from './safe-error';

/** Facts of a log line: names and numbers of the protocol. No path, no file's name, nothing of a patient. */
export type LogFacts = Readonly<Record<string, string | number | boolean | null>>;

/** JSON lines on stdout, for the service manager to keep. The last warnings are kept for the local page. */
export class NodeLog {
  readonly #recent: {
    readonly at: string;
    readonly level: string;
    readonly message: string;
    readonly code?: string;
  }[] = [];

  constructor(private readonly logger: Logger) {}

  static open({ logLevel }: Pick<NodeConfig, 'logLevel'>, siteId: string): NodeLog {
    // `hostname` and `pid` say nothing that the service manager does not know.
    const options = { level: logLevel, base: { site: siteId }, timestamp: pino.stdTimeFunctions.isoTime };
    return new NodeLog(pino(options, pino.destination({ dest: 1, sync: true })));
  }

  info(message: string, facts: LogFacts = {}): void {
    this.logger.info(facts, message);
    this.#keep('info', message);
  }

  debug(message: string, facts: LogFacts = {}): void {
    this.logger.debug(facts, message);
  }

  /** What went wrong, by code; the message only where it may be seen. */
  problem(message: string, error: unknown, facts: LogFacts = {}): SafeError {
    const safe = safeError(error);
    this.logger.warn({ ...facts, code: safe.code, reason: safe.message }, message);
    this.#keep('warn', `${message}: ${safe.message}`, safe.code);
    return safe;
  }

  get recent(): readonly { at: string; level: string; message: string; code?: string }[] {
    return this.#recent;
  }

  #keep(level: string, message: string, code?: string): void {
    this.#recent.push({ at: new Date().toISOString(), level, message, ...(code === undefined ? {} : { code }) });
    if (this.#recent.length > 50) this.#recent.shift();
  }
}
