import { type OperatingRule } from '@fedistl/evaluation';
import { type EvaluationSettings } from '@fedistl/distl';
import { type Split, SPLITS } from '@fedistl/imaging';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type DataDirFlag } from './dataset-directory';
import { addEngineOptions, countFromZero, type EngineFlags, wholeNumber } from './engine-options';
import { addModelInputOptions, type ModelInputFlags } from './evaluate-models';

/** Flags of `evaluate` and `compare`. */
export interface EvaluateFlags extends EngineFlags, DataDirFlag, ModelInputFlags {
  readonly model: readonly string[];
  readonly name: readonly string[];
  readonly data: string;
  readonly positive?: string;
  readonly split: Split;
  readonly threshold: readonly number[];
  readonly youden: boolean;
  readonly sensitivity: readonly number[];
  readonly specificity: readonly number[];
  readonly tuneOn: Split;
  readonly resamples: number;
  readonly confidence: number;
  readonly seed: number;
  readonly batch: number;
  readonly out?: string;
}

/** Adds what `evaluate` and `compare` have in common. */
export function addEvaluationOptions(command: Command): Command {
  command
    .requiredOption('--model <file>', 'any checkpoint that "model import" takes; repeatable', texts)
    .option('--name <text>', 'what the model is called in the report; repeatable, in the order of --model', texts, [])
    .requiredOption('--data <name>', 'data set with labels')
    .option('--positive <class>', 'class or finding that is label 1 (the one chosen at import)')
    .addOption(new Option('--split <name>', 'the images to judge the model by').choices(SPLITS).default('test'));
  addModelInputOptions(command)
    .option('--threshold <score>', 'threshold set beforehand; repeatable (0.5)', numbers, [])
    .option('--youden', 'choose the threshold of the largest Youden index on --tune-on', false)
    .option(
      '--sensitivity <share>',
      'choose the highest threshold with this sensitivity there; repeatable',
      numbers,
      [],
    )
    .option('--specificity <share>', 'choose the lowest threshold with this specificity there; repeatable', numbers, [])
    .addOption(
      new Option('--tune-on <split>', 'labelled images to choose thresholds on, apart from --split')
        .choices(SPLITS)
        .default('val'),
    )
    .option('--resamples <count>', 'bootstrap resamples, by patient', wholeNumber, 2000)
    .option('--confidence <share>', 'of the intervals', number, 0.95)
    .option('--seed <number>', 'of bootstrap and stress', countFromZero, 1)
    .option('--batch <images>', 'images a run', wholeNumber, 16)
    .option('--out <dir>', 'folder for the report: JSON, HTML, figures as SVG and PNG')
    .option('--data-dir <dir>', 'where data sets lie (FEDISTL_DATA_DIR, else ~/.fedistl/data)')
    .option('--json', 'print one JSON object');
  return addEngineOptions(command);
}

/** The settings of the library in these flags. */
export function settingsOf(
  flags: EvaluateFlags,
): Pick<
  EvaluationSettings,
  'split' | 'thresholds' | 'rules' | 'tuneOn' | 'seed' | 'resamples' | 'confidence' | 'batch'
> {
  const { split, youden, sensitivity, specificity, tuneOn, seed, resamples, confidence, batch } = flags;
  const rules: OperatingRule[] = [
    ...(youden ? [{ type: 'youden' } as const] : []),
    ...sensitivity.map((atLeast) => ({ type: 'sensitivity', atLeast }) as const),
    ...specificity.map((atLeast) => ({ type: 'specificity', atLeast }) as const),
  ];
  const thresholds = flags.threshold.length > 0 || rules.length > 0 ? flags.threshold : [0.5];
  return { split, thresholds, rules, tuneOn, seed, resamples, confidence, batch };
}

function texts(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** Parses a number. */
export function number(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('expected a number');
  return value;
}

function numbers(text: string, before: readonly number[] = []): number[] {
  return [...before, number(text)];
}
