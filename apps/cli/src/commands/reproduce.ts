import { availableParallelism } from 'node:os';
import { reproduce } from '@fedistl/distl';
import { convergenceNote, reproductionMarkdown } from '@fedistl/evaluation';
import { type Command } from 'commander';
import { addEngineOptions, countFromZero, wholeNumber } from './engine-options';
import { writeReproduction } from './reproduce-files';
import { type ReproduceFlags, withReproduction } from './reproduce-input';
import { ablationList, percentList } from './reproduce-lists';
import { jobsOf, taskProcesses } from './reproduce-processes';
import { reproduceProgress } from './reproduce-progress';

/** `fedistl reproduce`: the paper's curve on a data set, with baselines and ablations. */
export function registerReproduce(program: Command): void {
  const command = program
    .command('reproduce')
    .description(
      'the DISTL curve: AUC at T = initial, 1, 2, ... on a data set divided as in the paper, beside supervised training with the same and with all labels and ridge regression. Interrupted, the same command goes on',
    )
    .requiredOption('--data <name>', 'data set')
    .option('--positive <class>', 'class or finding that is label 1 (the one chosen at import)')
    .option('--plan <file>', 'JSON file with changes: train, model, views, protocol')
    .option('--seeds <count>', 'repetitions: other labelled images, folds, weights, views', wholeNumber, 3)
    .option('--generations <count>', 'folds, and generations after T = initial', wholeNumber, 3)
    .option('--out <dir>', 'folder of results and state', 'reproduction')
    .option('--ablate <list>', 'with commas: no-self-supervision, no-self-training, no-correction', ablationList, [])
    .option('--label-noise <percents>', 'shares of wrong labels with commas, such as 0,10,20,40', percentList, [])
    .option('--unseen <class>', 'class that training never sees, judged as negative beside the test images')
    .option('--baselines <dir>', 'results of an earlier reproduction, whose supervised and ridge rows are taken over')
    .option('--jobs <count>', 'processes that share the threads (on a CPU one a core, at most 4; else 1)', wholeNumber)
    .option('--workers <count>', 'threads that make views (none beside several processes)', countFromZero)
    .option('--data-dir <dir>', 'where data sets lie (FEDISTL_DATA_DIR, else ~/.fedistl/data)')
    .option('--json', 'print one JSON object');
  addEngineOptions(command).action(async (flags: ReproduceFlags) => {
    await run(flags, `fedistl ${program.version() ?? ''}`.trim());
  });
}

async function run(flags: ReproduceFlags, software: string): Promise<void> {
  const started = performance.now();
  const jobs = jobsOf(flags);
  await withReproduction(flags, reproduceProgress, async (input) => {
    const { record, seconds } = await reproduce({
      ...input,
      software,
      confidence: 0.95,
      ...(flags.baselines === undefined ? {} : { baselines: flags.baselines }),
      ...(jobs === 1 ? {} : { processes: taskProcesses(flags, jobs) }),
    });
    const createdAt = new Date().toISOString();
    await writeReproduction(flags.out, record, { createdAt, seconds, cores: availableParallelism() });
    process.stdout.write(flags.json === true ? `${JSON.stringify(record)}\n` : reproductionMarkdown(record));
    const note = convergenceNote(record);
    if (note !== null) process.stderr.write(`${note}\n`);
    const minutes = (each: number): string => `${(each / 60).toFixed(1)} min`;
    const passed = (performance.now() - started) / 1e3;
    process.stderr.write(`${flags.out}/report.html, ${minutes(seconds)} of computing, this start ${minutes(passed)}\n`);
  });
}
