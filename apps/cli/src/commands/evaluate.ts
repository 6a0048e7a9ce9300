import { evaluateModel, stressedImages, stressModels } from '@fedistl/distl';
import { evaluationFigures, evaluationReport, stressFigure, stressReport } from '@fedistl/evaluation';
import { STRESS_KINDS, type StressGrade, type StressKind } from '@fedistl/imaging';
import { type Command } from 'commander';
import { wholeNumber } from './engine-options';
import { writeReportFiles } from './evaluate-files';
import { addEvaluationOptions, type EvaluateFlags } from './evaluate-options';
import { imageProgress } from './evaluate-progress';
import { withEvaluation } from './evaluate-session';
import { stressGrades, stressKinds } from './evaluate-stress';
import { evaluationText, stressText } from './evaluate-text';

interface Flags extends EvaluateFlags {
  readonly smallestGroup: number;
  /** True for all kinds. */
  readonly stress?: readonly StressKind[] | true;
  readonly grades: readonly StressGrade[];
}

/** `fedistl evaluate`: a model on a labelled data set, or several under stress. */
export function registerEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description(
      'judge a model by labelled images: AUC with intervals, operating points, calibration, subgroups, and a report for ' +
        'people; with --stress, AUC of one or several models as images get worse',
    );
  addEvaluationOptions(command)
    .option('--smallest-group <cases>', 'suppress subgroups of fewer cases', wholeNumber, 10)
    .option(
      '--stress [kinds]',
      `spoil the images: all kinds, or some with commas (${STRESS_KINDS.join(', ')})`,
      stressKinds,
    )
    .option('--grades <list>', 'grades of --stress, with commas (1,2,3,4,5)', stressGrades, [1, 2, 3, 4, 5])
    .action(async (flags: Flags) => {
      const software = `fedistl ${program.version() ?? ''}`.trim();
      if (flags.name.length > flags.model.length) command.error('error: more --name than --model');
      if (flags.stress !== undefined) {
        await stress(flags, flags.stress === true ? STRESS_KINDS : flags.stress, software);
      } else if (flags.model.length > 1) {
        command.error('error: several --model are for --stress; use "fedistl compare" otherwise');
      } else {
        await evaluate(flags, software);
      }
    });
}

async function evaluate(flags: Flags, software: string): Promise<void> {
  await withEvaluation(flags, software, async ({ models, settings, imagesPerModel }) => {
    for (const model of models) {
      const { record, cases } = await evaluateModel(model, {
        ...settings,
        smallestGroup: flags.smallestGroup,
        onImage: imageProgress(imagesPerModel),
      });
      const files = await writeReportFiles(flags.out, {
        name: 'report',
        record,
        html: evaluationReport(record, cases),
        figures: evaluationFigures(record, cases),
      });
      print(flags, record, evaluationText(record), files);
    }
  });
}

async function stress(flags: Flags, kinds: readonly StressKind[], software: string): Promise<void> {
  await withEvaluation(flags, software, async ({ models, settings }) => {
    const stressed = { ...settings, kinds, grades: flags.grades };
    const onImage = imageProgress(stressedImages(models.length, stressed));
    const record = await stressModels(models, { ...stressed, onImage });
    const files = await writeReportFiles(flags.out, {
      name: 'stress',
      record,
      html: stressReport(record),
      figures: new Map([['stress-auc', stressFigure(record)]]),
    });
    print(flags, record, stressText(record), files);
  });
}

function print(flags: Flags, record: unknown, text: string, files: readonly string[]): void {
  if (flags.json === true) console.log(JSON.stringify(record));
  else console.log(files.length === 0 ? text : `${text}\nwritten: ${files.join(', ')}`);
}
