import { DomainError } from '@fedistl/core';
import { type Logger } from 'pino';
import { administrationCommand, runAdministration } from './administration/run-administration';
import { readConfig } from './config/read-config';
import { createLogger } from './logging/create-logger';
import { type RunningCoordinator, startCoordinator } from './start-coordinator';

/**
 * The service, or a command of its administrator on its machine: settings from the environment, what a person asked for on
 * standard output, the log on standard error.
 */
async function main(): Promise<void> {
  const args = process.argv.slice(2);
  try {
    const command = administrationCommand(args);
    if (command === undefined) {
      await serve();
      return;
    }
    const lines = await runAdministration(command, args, readConfig(process.env));
    process.stdout.write(lines.map((line) => `${line}\n`).join(''), () => process.exit(0));
  } catch (error) {
    exitWith(error);
  }
}

async function serve(): Promise<void> {
  const config = readConfig(process.env);
  const logger = createLogger(config);
  const starting = startCoordinator(config, logger);
  stopOnSignal(starting, logger);
  announce(await starting);
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
