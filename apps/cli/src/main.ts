import { DomainError } from '@fedistl/core';
import { Command } from 'commander';
import { registerBench } from './commands/bench';
import { registerDataset } from './commands/dataset';
import { registerDoctor } from './commands/doctor';
import { registerIdentity } from './commands/identity';
import { registerLedger } from './commands/ledger';
import { registerMetrics } from './commands/metrics';
import { registerModel } from './commands/model';
import { registerPhantom } from './commands/phantom';

async function main(): Promise<void> {
  const program = new Command('fedistl')
    .description('federated DISTL: hospitals improve one chest X-ray model together')
    .version('0.1.0')
    .showHelpAfterError('(add --help for the options)');
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
  if (error instanceof DomainError) {
    console.error(`error ${error.code}: ${error.message}`);
  } else {
    // Not one of ours: a defect, so the stack is wanted.
    console.error(error);
  }
  process.exitCode = 1;
});
