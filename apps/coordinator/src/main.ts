import { DomainError } from '@fedistl/core';
import { type Logger } from 'pino';
import { type CoordinatorConfig, readConfig } from './config/read-config';
import { createLogger } from './logging/create-logger';
import { type RunningCoordinator, startCoordinator } from './start-coordinator';

/** The service: settings from the environment, its address as one line on standard output, the log on standard error. */
async function main(): Promise<void> {
  const config = readConfigOrExit();
  const logger = createLogger(config);
  const starting = startCoordinator(config, logger);
  stopOnSignal(starting, logger);
  try {
    announce(await starting);
  } catch (error) {
    exitWith(error);
  }
}

function announce({ url, firstToken }: RunningCoordinator): void {
  if (firstToken !== undefined) {
    process.stdout.write(`first administrator's token, shown this once: ${firstToken}\n`);
  }
  process.stdout.write(`fedistl coordinator listening on ${url}\n`);
}

/** The first signal stops in order, also one that comes during the start; a second of the same kind ends at once. */
function stopOnSignal(starting: Promise<RunningCoordinator>, logger: Logger): void {
  const end = async (signal: string): Promise<void> => {
    logger.info({ signal }, 'stopping');
    const { stop } = await starting;
    try {
      await stop();
      logger.info('stopped');
      process.exit(0);
    } catch (error) {
      logger.fatal({ reason: String(error) }, 'could not stop in order');
      process.exit(1);
    }
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void end(signal));
}

function readConfigOrExit(): CoordinatorConfig {
  try {
    return readConfig(process.env);
  } catch (error) {
    return exitWith(error);
  }
}

function exitWith(error: unknown): never {
  const text =
    error instanceof DomainError
      ? `error ${error.code}: ${error.message}`
      : error instanceof Error
        ? error.stack
        : error;
  process.stderr.write(`${String(text)}\n`);
  process.exit(1);
}

void main();
