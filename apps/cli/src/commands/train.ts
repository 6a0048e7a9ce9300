import { parseJson } from '@fedistl/core';
import { readTextFile } from '@fedistl/core/node';
import { type Behaviour, BEHAVIOUR_NAMES, parseTrainConfig, type SiteTrainingResult, trainSite } from '@fedistl/distl';
import { DataSet, MINI_VIEWS, PAPER_VIEWS } from '@fedistl/imaging';
import { vitPreset, vitPresetNames } from '@fedistl/vit';
import { type Command, Option } from 'commander';
import { dataDirectoryOf, type DataDirFlag } from './dataset-directory';
import { addEngineOptions, countFromZero, engineFrom, type EngineFlags } from './engine-options';
import { trainProgress } from './train-progress';

interface TrainFlags extends EngineFlags, DataDirFlag {
  readonly data: string;
  readonly positive?: string;
  readonly preset: string;
  readonly behaviour: Behaviour;
  readonly plan?: string;
  readonly generations: number;
  readonly seed: number;
  readonly out: string;
  readonly resume: boolean;
  readonly workers?: number;
}

/** `fedistl train`: DISTL at one site, T = initial and the generations after it. */
export function registerTrain(program: Command): void {
  const command = program
    .command('train')
    .description(
      'train DISTL on one data set: supervised on the labelled fold, then generations on the unlabelled ones',
    )
    .requiredOption('--data <name>', 'data set, imported with a labelled share and folds')
    .option('--positive <class>', 'class or finding that is label 1 (the one chosen at import)')
    .addOption(new Option('--preset <name>', 'network').choices(vitPresetNames).default('mini'))
    .addOption(new Option('--behaviour <name>', 'settings').choices(BEHAVIOUR_NAMES).default('recommended'))
    .option('--plan <file>', 'JSON file of settings that differ from the behaviour')
    .option('--generations <count>', 'generations after T = initial', countFromZero, 3)
    .option('--seed <n>', 'seed of weights, orders and views', countFromZero, 0)
    .requiredOption('--out <dir>', 'directory of checkpoints, log and models')
    .option('--resume', 'go on from the newest checkpoint in --out', false)
    .option('--workers <count>', 'threads that make views', countFromZero)
    .option('--data-dir <dir>', 'where data sets lie (FEDISTL_DATA_DIR, else ~/.fedistl/data)')
    .option('--json', 'print one JSON object');
  addEngineOptions(command).action(run);
}

async function run(flags: TrainFlags): Promise<void> {
  const changes = flags.plan === undefined ? {} : parseJson(await readTextFile(flags.plan));
  const config = parseTrainConfig(flags.behaviour, changes);
  const dataSet = DataSet.open({
    dataDirectory: dataDirectoryOf(flags),
    name: flags.data,
    ...(flags.positive === undefined ? {} : { positive: flags.positive }),
  });
  try {
    const engine = await engineFrom(flags);
    const result = await trainSite({
      engine,
      dataSet,
      model: vitPreset(flags.preset),
      views: flags.preset === 'mini' ? MINI_VIEWS : PAPER_VIEWS,
      config,
      seed: flags.seed,
      generations: flags.generations,
      directory: flags.out,
      resume: flags.resume,
      ...(flags.workers === undefined ? {} : { workers: flags.workers }),
      onEvent: trainProgress(config.batch),
    });
    await engine.dispose();
    process.stdout.write(flags.json === true ? `${JSON.stringify(result)}\n` : table(result));
  } finally {
    dataSet.close();
  }
}

function table({ models, testImages, hash }: SiteTrainingResult): string {
  const rows = models.map(({ stage, role, auc }) => {
    const time = stage === 0 ? 'initial' : String(stage);
    const value = auc === null ? '-' : `${auc.auc.toFixed(3)} (${auc.lower.toFixed(3)} to ${auc.upper.toFixed(3)})`;
    return `${time.padEnd(9)}${role.padEnd(9)}${value}`;
  });
  const title = `AUC on ${testImages} labelled test images, 95 % DeLong interval`;
  return [title, 'T        network  AUC', ...rows, `final state ${hash}`, ''].join('\n');
}
