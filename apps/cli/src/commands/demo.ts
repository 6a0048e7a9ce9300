import { once } from 'node:events';
import path from 'node:path';
import { writeFileAtomic } from '@fedistl/core/node';
import { type Command } from 'commander';
import { reportText } from '../demo/report-text';
import { runDemo } from '../demo/run-demo';
import { countFromZero, wholeNumber } from './engine-options';

interface Flags {
  readonly directory: string;
  readonly fresh: boolean;
  readonly exit: boolean;
  readonly json?: string;
  readonly data?: string;
  readonly positive?: string;
  readonly images: number;
  readonly port?: number;
}

/** `fedistl demo`: the whole product on one machine. */
export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description(
      'a coordinator and three hospital nodes evolve a teacher together on this machine; goes on where it stopped, Ctrl-C stops everything',
    )
    .option('--directory <dir>', 'everything of the demo', '.demo')
    .option('--fresh', 'forget an earlier demo', false)
    .option('--exit', 'end after the last generation', false)
    .option('--json <file>', 'write the results there')
    .option('--data <dir>', 'real images (folder, DICOM export or NPZ) in place of phantoms')
    .option('--positive <class>', 'with --data: the class that is looked for')
    .option('--images <n>', 'phantoms, over all sites', wholeNumber, 900)
    .option('--port <n>', 'port of the coordinator (a free one)', countFromZero)
    .action(run);
}

async function run(flags: Flags, command: Command): Promise<void> {
  const { data, positive, json, exit } = flags;
  if ((data === undefined) !== (positive === undefined)) command.error('error: --data and --positive go together');
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      process.stderr.write('\nstopping ... (the same command goes on from here, --fresh starts over)\n');
      stop.abort();
    });
  }
  const options = {
    directory: path.resolve(flags.directory),
    fresh: flags.fresh,
    exit,
    source: data === undefined || positive === undefined ? null : { folder: data, positive },
    images: flags.images,
    port: flags.port === undefined || flags.port === 0 ? null : flags.port,
    signal: stop.signal,
  };
  try {
    await runDemo(options, async ({ report }) => {
      console.log(reportText(report));
      if (json !== undefined) await writeFileAtomic(json, [Buffer.from(`${JSON.stringify(report, null, 2)}\n`)]);
      if (!report.ledger.verified) process.exitCode = 1;
      if (exit) return;
      console.log(`The coordinator goes on at ${report.coordinator} until you press Ctrl-C.`);
      console.log(`  tokens in ${path.join(options.directory, 'tokens')}; try: npx fedistl study show demo \\`);
      console.log(
        `  --coordinator ${report.coordinator} --token-file ${path.join(options.directory, 'tokens', 'reviewer')}`,
      );
      if (!stop.signal.aborted) await once(stop.signal, 'abort');
    });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    // Asked to stop: what was half done is taken up by the next run.
    process.exitCode = 130;
  }
}
