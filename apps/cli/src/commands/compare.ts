import { compareModels } from '@fedistl/distl';
import { comparisonFigures, comparisonReport } from '@fedistl/evaluation';
import { type Command } from 'commander';
import { writeReportFiles } from './evaluate-files';
import { addEvaluationOptions, type EvaluateFlags } from './evaluate-options';
import { imageProgress } from './evaluate-progress';
import { withEvaluation } from './evaluate-session';
import { comparisonText } from './evaluate-text';

/** `fedistl compare`: models on the same images, with DeLong's paired test of every two, the later minus the earlier. */
export function registerCompare(program: Command): void {
  const command = program
    .command('compare')
    .description('compare models on the same labelled images: AUC of each, and the paired DeLong test of every two');
  addEvaluationOptions(command).action(async (flags: EvaluateFlags) => {
    if (flags.model.length < 2) command.error('error: expected two or more --model');
    if (flags.name.length > flags.model.length) command.error('error: more --name than --model');
    await compare(flags, `fedistl ${program.version() ?? ''}`.trim());
  });
}

async function compare(flags: EvaluateFlags, software: string): Promise<void> {
  await withEvaluation(flags, software, async ({ models, settings, imagesPerModel }) => {
    const onImage = imageProgress(models.length * imagesPerModel);
    const record = await compareModels(models, { ...settings, onImage });
    const files = await writeReportFiles(flags.out, {
      name: 'comparison',
      record,
      html: comparisonReport(record),
      figures: comparisonFigures(record),
    });
    if (flags.json === true) console.log(JSON.stringify(record));
    else
      console.log([comparisonText(record), ...(files.length > 0 ? [`written: ${files.join(', ')}`] : [])].join('\n'));
  });
}
