import { parseStudyId } from '@fedistl/core';
import { demoPlan, referencePlan } from '@fedistl/protocol';
import { type Command, Option } from 'commander';

interface Flags {
  readonly study: string;
  readonly title?: string;
  readonly finding: string;
  readonly like: 'reference' | 'demo';
}

/** Adds `fedistl study plan`: a plan to start from. */
export function registerStudyPlan(study: Command): void {
  study
    .command('plan')
    .description('print a plan to edit: the settings of the DISTL authors, or a small one for trying out')
    .requiredOption('--study <id>', 'study id')
    .requiredOption('--finding <name>', 'the disease, as the data sets call it')
    .option('--title <text>', 'what people call it')
    .addOption(new Option('--like <plan>', 'where to start from').choices(['reference', 'demo']).default('reference'))
    .action(({ study: id, title, finding, like }: Flags) => {
      const options = {
        studyId: parseStudyId(id),
        title: title ?? `${finding}: ${id}`,
        finding,
        createdAt: new Date().toISOString(),
      };
      console.log(JSON.stringify(like === 'demo' ? demoPlan(options) : referencePlan(options), null, 2));
    });
}
