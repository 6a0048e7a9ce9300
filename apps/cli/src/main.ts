import { DomainError } from '@fedistl/core';
import { Command, CommanderError } from 'commander';
import { registerBench } from './commands/bench';
import { registerDataset } from './commands/dataset';
import { registerDoctor } from './commands/doctor';
import { registerIdentity } from './commands/identity';
import { registerLedger } from './commands/ledger';
import { registerMetrics } from './commands/metrics';
import { registerModel } from './commands/model';
import { registerPhantom } from './commands/phantom';

/** Exit codes, as docs/cli.md explains them. */
const EXIT = { refused: 1, usage: 2, defect: 70 } as const;

async function main(): Promise<void> {
  const program = new Command('fedistl')
    .description('federated DISTL: hospitals improve one chest X-ray model together')
    .version('0.1.0')
    .showHelpAfterError('(add --help for the options)')
    .exitOverride();
  registerBench(program);
  registerDataset(program);
  registerDoctor(program);
  registerIdentity(program);
  registerLedger(program);
  registerMetrics(program);
  registerModel(program);
  registerPhantom(program);
  await program.parseAsync(process.argv);
}

main().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    // Commander has printed the help, the version or what is wrong with the arguments.
    process.exitCode = error.exitCode === 0 ? 0 : EXIT.usage;
  } else if (error instanceof DomainError) {
    console.error(`error ${error.code}: ${error.message}`);
    process.exitCode = EXIT.refused;
  } else {
    // Not one of ours: a defect, so the stack is wanted.
    console.error(error);
    process.exitCode = EXIT.defect;
  }
});
