/** Entry of a process that computes one task of a reproduction: its flags as JSON, the task's name. */
import { DomainError } from '@fedistl/core';
import { reproduceTask } from '@fedistl/distl';
import { endWithParent } from '../processes/end-with-parent';
import { type ReproduceFlags, withReproduction } from './reproduce-input';
import { type Refusal } from './reproduce-processes';
import { reproduceProgress } from './reproduce-progress';

async function main(): Promise<void> {
  endWithParent();
  const [, , flags = '', task = ''] = process.argv;
  // Written by the command that started this process, of the same version.
  await withReproduction(JSON.parse(flags) as ReproduceFlags, reproduceProgress, async (input) => {
    await reproduceTask(input, task);
  });
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  if (error instanceof DomainError) process.send?.({ code: error.code, message: error.message } satisfies Refusal);
  else console.error(error);
});
