import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DirectoryBlobStore } from '@fedistl/persistence';
import { ConfigError } from '../config/config.errors';
import { type CoordinatorConfig } from '../config/read-config';
import { makeAdministratorToken } from './make-administrator-token';
import { withDatabase } from './open-administration';
import { prune, type Pruned, type PrunedBlobs } from './prune';

/** What can be done on a coordinator's machine beside its service. */
export const administrationCommands = ['token', 'prune'] as const;
export type AdministrationCommand = (typeof administrationCommands)[number];

const usage = `usage: coordinator.cjs [start]
       coordinator.cjs token --name NAME [--days N] [--json]
       coordinator.cjs prune --older-than 30d [--dry-run] [--json]`;

const options = {
  name: { type: 'string' },
  days: { type: 'string', default: '30' },
  'older-than': { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

const longestDays = 3650;

/** @throws ConfigError `CONFIG.USAGE` when there is no such command */
export function administrationCommand(args: readonly string[]): AdministrationCommand | undefined {
  const [first] = args;
  if (first === undefined || first === 'start') return undefined;
  const found = administrationCommands.find((name) => name === first);
  if (found === undefined) throw new ConfigError('CONFIG.USAGE', `expected a command, got ${first}\n${usage}`);
  return found;
}

/**
 * Runs one of them.
 *
 * @param args with the command first
 * @returns lines for standard output
 * @throws ConfigError `CONFIG.USAGE`, `CONFIG.NO_COORDINATOR`; PersistenceError
 */
export async function runAdministration(
  command: AdministrationCommand,
  args: readonly string[],
  config: CoordinatorConfig,
): Promise<string[]> {
  const values = valuesOf(args);
  switch (command) {
    case 'token': {
      const name = values.name?.trim() ?? '';
      if (name === '' || name.length > 100) throw refused('--name with the name of a person, of 1 to 100 characters');
      const validDays = wholeDays(values.days, '--days');
      const made = await withDatabase(config, (database) => makeAdministratorToken(database, { name, validDays }));
      if (values.json) return [JSON.stringify(made)];
      return [made.token, `administrator ${name}, until ${made.expiresAt}; the ledger records that it was made`];
    }
    case 'prune': {
      const days = wholeDays(/^(\d+)d$/.exec(values['older-than'] ?? '')?.[1] ?? '', '--older-than, as in 30d,');
      const before = new Date(Date.now() - days * 86_400_000);
      const pruned = await withDatabase(config, async (database) => {
        const blobs = await DirectoryBlobStore.open(join(config.dataDirectory, 'blobs'));
        return prune({ database, blobs }, { before, dryRun: values['dry-run'] });
      });
      return values.json ? [JSON.stringify(pruned)] : prunedLines(pruned);
    }
  }
}

function valuesOf(args: readonly string[]) {
  try {
    return parseArgs({ args: args.slice(1), options }).values;
  } catch (error) {
    throw refused(`options that there are: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function wholeDays(text: string, what: string): number {
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= longestDays) return days;
  throw refused(`${what} a whole number of days from 1 to ${longestDays}`);
}

function refused(expected: string): ConfigError {
  return new ConfigError('CONFIG.USAGE', `expected ${expected}\n${usage}`);
}

function prunedLines({ before, dryRun, updates, moments, models, strays, jobs }: Pruned): string[] {
  const line = (what: string, { blobs, bytes }: PrunedBlobs): string => `${what}  ${blobs}, ${mebibytes(bytes)}`;
  return [
    `${dryRun ? 'would delete' : 'deleted'} what was over before ${before}`,
    line('  updates of closed rounds     ', updates),
    line('  moments of the optimiser     ', moments),
    line('  uploaded models, never used  ', models),
    line('  files that no row names      ', strays),
    `  done jobs                      ${jobs}`,
  ];
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
