import { benchTrain, parseTrainConfig, type TrainBenchResult } from '@fedistl/distl';
import { MINI_VIEWS, phantomSource } from '@fedistl/imaging';
import { vitPreset } from '@fedistl/vit';
import { type Command } from 'commander';
import { addEngineOptions, countFromZero, engineFrom, type EngineFlags, wholeNumber } from './engine-options';

interface BenchTrainFlags extends EngineFlags {
  readonly batch: number;
  readonly rounds: number;
  readonly steps: number;
  readonly warmup: number;
  readonly images: number;
  readonly workers?: number;
  readonly json: boolean;
}

/** `fedistl bench train`: what the trainer keeps of the bare step's rate. */
export function registerBenchTrain(bench: Command): void {
  const command = bench
    .command('train')
    .description('compare the trainer, data path included, with bare steps of the mini preset, in turns, on phantoms')
    .option('--batch <images>', 'images a step', wholeNumber, 16)
    .option('--rounds <count>', 'pairs of runs', wholeNumber, 5)
    .option('--steps <count>', 'counted steps of a run', wholeNumber, 20)
    .option('--warmup <count>', 'steps before counting', countFromZero, 3)
    .option('--images <count>', 'phantoms of 256 px', wholeNumber, 128)
    .option('--workers <count>', 'view threads (0: none of their own)', countFromZero)
    .option('--json', 'print one JSON object', false);
  addEngineOptions(command).action(run);
}

async function run(flags: BenchTrainFlags): Promise<void> {
  const engine = await engineFrom(flags);
  const result = await benchTrain(engine, {
    config: parseTrainConfig('recommended', { batch: flags.batch }),
    model: vitPreset('mini'),
    views: MINI_VIEWS,
    images: phantomSource(flags.images, 256),
    workers: flags.workers,
    rounds: flags.rounds,
    steps: flags.steps,
    warmup: flags.warmup,
    onRound: ({ step, trainer }) => {
      if (!flags.json) process.stderr.write(`step ${step.toFixed(1)} images/s, trainer ${trainer.toFixed(1)}\n`);
    },
  });
  await engine.dispose();
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : report(result));
}

function report({ rounds, ratio }: TrainBenchResult): string {
  return `trainer / bare step: ${ratio.toFixed(3)} (median of ${rounds.length}, mini preset, views included)\n`;
}
