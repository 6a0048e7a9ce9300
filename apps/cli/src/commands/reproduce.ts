import { availableParallelism } from 'node:os';
import { type Ablation, parseReproducePlan, reproduce, ReproduceError } from '@fedistl/distl';
import { reproductionMarkdown } from '@fedistl/evaluation';
import { parseJson } from '@fedistl/core';
import { readTextFile } from '@fedistl/core/node';
import { DataSet, type DataSetItem } from '@fedistl/imaging';
import { type Command } from 'commander';
import { dataDirectoryOf, type DataDirFlag } from './dataset-directory';
import { addEngineOptions, countFromZero, engineFrom, type EngineFlags, wholeNumber } from './engine-options';
import { ablationList, percentList } from './reproduce-lists';
import { reproduceProgress } from './reproduce-progress';
import { writeReproduction } from './reproduce-files';

interface ReproduceFlags extends EngineFlags, DataDirFlag {
  readonly data: string;
  readonly positive?: string;
  readonly plan?: string;
  readonly seeds: number;
  readonly generations: number;
  readonly out: string;
  readonly ablate: readonly Ablation[];
  readonly labelNoise: readonly number[];
  readonly unseen?: string;
  readonly workers?: number;
}

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
    .option('--workers <count>', 'threads that make views', countFromZero)
    .option('--data-dir <dir>', 'where data sets lie (FEDISTL_DATA_DIR, else ~/.fedistl/data)')
    .option('--json', 'print one JSON object');
  addEngineOptions(command).action(async (flags: ReproduceFlags) => {
    await run(flags, `fedistl ${program.version() ?? ''}`.trim());
  });
}

async function run(flags: ReproduceFlags, software: string): Promise<void> {
  const changes = flags.plan === undefined ? {} : parseJson(await readTextFile(flags.plan));
  const dataSet = openSet(flags, flags.positive);
  try {
    const plan = parseReproducePlan(changes, dataSet.pixels.size);
    const unseen = flags.unseen === undefined ? null : unseenClass(flags, flags.unseen, dataSet.positive);
    const engine = await engineFrom(flags);
    try {
      const { record, seconds } = await reproduce({
        engine,
        dataSet,
        plan,
        seeds: Array.from({ length: flags.seeds }, (_, seed) => seed),
        generations: flags.generations,
        ablations: flags.ablate,
        labelNoise: flags.labelNoise,
        unseen,
        directory: flags.out,
        workers: flags.workers,
        software,
        confidence: 0.95,
        onEvent: reproduceProgress(plan.train.batch),
      });
      const createdAt = new Date().toISOString();
      await writeReproduction(flags.out, record, { createdAt, seconds, cores: availableParallelism() });
      process.stdout.write(flags.json === true ? `${JSON.stringify(record)}\n` : reproductionMarkdown(record));
      process.stderr.write(`${flags.out}/report.html, ${(seconds / 60).toFixed(1)} min of computing\n`);
    } finally {
      await engine.dispose();
    }
  } finally {
    dataSet.close();
  }
}

function openSet(flags: ReproduceFlags, positive: string | undefined): DataSet {
  return DataSet.open({
    dataDirectory: dataDirectoryOf(flags),
    name: flags.data,
    ...(positive === undefined ? {} : { positive }),
  });
}

/** Images of the class, found by asking for it as the positive one. */
function unseenClass(
  flags: ReproduceFlags,
  name: string,
  positive: string | null,
): { name: string; items: readonly DataSetItem[] } {
  const dataSet = openSet(flags, name);
  try {
    if (dataSet.positive === positive) {
      throw new ReproduceError('REPRODUCE.UNSEEN_CLASS', `expected a class other than the positive one, got ${name}`);
    }
    return { name: dataSet.positive ?? name, items: dataSet.select({ label: 1 }).items };
  } finally {
    dataSet.close();
  }
}
