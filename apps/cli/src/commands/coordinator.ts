import path from 'node:path';
import { askCoordinator, parseBaseUrl } from '@fedistl/client';
import { type Command } from 'commander';
import { runInProcess } from '../processes/run-in-process';
import { countFromZero, wholeNumber } from './engine-options';
import { addConnectionOptions, type ConnectionFlags, readToken, show } from './people-connection';
import { profileFile, writeProfile } from './people-profile';

interface StartFlags {
  readonly dataDir?: string;
  readonly port?: number;
  readonly host?: string;
}

interface HereFlags {
  readonly dataDir?: string;
  readonly json: boolean;
}

interface TokenFlags extends HereFlags {
  readonly days: number;
}

interface PruneFlags extends HereFlags {
  readonly olderThan: string;
  readonly dryRun: boolean;
}

/** `fedistl coordinator start|token|prune|use|show`. */
export function registerCoordinator(program: Command): void {
  const coordinator = program.command('coordinator').description('run a coordinator, or choose the one to talk to');
  coordinator
    .command('start')
    .description('run the service until it is stopped; settings come from the environment (docs/operations.md)')
    .option('--data-dir <dir>', 'keys, blobs and the embedded PostgreSQL (FEDISTL_DATA_DIR)')
    .option('--port <n>', 'port to listen on (FEDISTL_PORT)', countFromZero)
    .option('--host <address>', 'address to listen on (FEDISTL_HOST)')
    .action(start);
  coordinator
    .command('token')
    .description(
      "make an administrator's token on the coordinator's own machine, when all are lost; the ledger records it",
    )
    .argument('<name>', 'whose it is')
    .option('--days <n>', 'how long it is good', wholeNumber, 30)
    .option('--data-dir <dir>', 'data directory of the coordinator (FEDISTL_DATA_DIR)')
    .option('--json', 'print one JSON object', false)
    .action((name: string, flags: TokenFlags) => {
      runHere(['token', '--name', name, '--days', String(flags.days)], flags);
    });
  coordinator
    .command('prune')
    .description(
      "delete, on the coordinator's own machine, blobs and jobs that nothing needs any more (docs/operations.md)",
    )
    .requiredOption('--older-than <days>', 'what was over so many days ago goes: 30d')
    .option('--dry-run', 'count, and delete nothing', false)
    .option('--data-dir <dir>', 'data directory of the coordinator (FEDISTL_DATA_DIR)')
    .option('--json', 'print one JSON object', false)
    .action((flags: PruneFlags) => {
      runHere(['prune', '--older-than', flags.olderThan, ...(flags.dryRun ? ['--dry-run'] : [])], flags);
    });
  coordinator
    .command('use')
    .description('note the address and the file of your token in your profile, so that other commands need neither')
    .argument('<url>')
    .option('--token-file <file>', 'file of your token, mode 0600')
    .action(async (url: string, { tokenFile }: { tokenFile?: string }) => {
      const address = parseBaseUrl(url, { allowPlainHttp: true });
      const token: { tokenFile?: string } = tokenFile === undefined ? {} : { tokenFile: path.resolve(tokenFile) };
      if (token.tokenFile !== undefined) await readToken(token.tokenFile);
      await writeProfile({ coordinator: address, ...token });
      console.log(`${profileFile()}: ${address}`);
    });
  addConnectionOptions(
    coordinator
      .command('show')
      .description('who answers at an address: fingerprint and ledger key, without a token')
      .argument('<url>'),
  ).action(async (url: string, flags: ConnectionFlags) => {
    const { fingerprint, ledgerKey } = await askCoordinator({ baseUrl: url, allowPlainHttp: flags.plainHttp === true });
    show(flags, { url, fingerprint, ledgerKey }, () => [`fingerprint  ${fingerprint}`, `ledger key   ${ledgerKey}`]);
  });
}

/** Something done with the coordinator's data directory and database, beside the service. */
function runHere(args: readonly string[], { dataDir, json }: HereFlags): void {
  if (dataDir !== undefined) process.env['FEDISTL_DATA_DIR'] = dataDir;
  runInProcess('coordinator', [...args, ...(json ? ['--json'] : [])]);
}

/** In this very process, so that a signal to it reaches the service. */
function start({ dataDir, port, host }: StartFlags): void {
  if (dataDir !== undefined) process.env['FEDISTL_DATA_DIR'] = dataDir;
  if (port !== undefined) process.env['FEDISTL_PORT'] = String(port);
  if (host !== undefined) process.env['FEDISTL_HOST'] = host;
  runInProcess('coordinator', []);
}
