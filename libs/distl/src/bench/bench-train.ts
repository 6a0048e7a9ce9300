import { type Engine } from '@fedistl/compute';
import { createRng } from '@fedistl/core';
import { type PixelSource, type ViewConfig } from '@fedistl/imaging';
import { initialiseParameters, type VitConfig } from '@fedistl/vit';
import { type TrainConfig } from '../config/train-config';
import { viewBatches } from '../site/view-batches';
import { stepConfigOf, type Network } from '../trainer/network';
import { train } from '../trainer/trainer';
import { type TrainingData } from '../trainer/training-data';
import { benchStep } from './bench-step';

export interface TrainBenchOptions {
  readonly config: TrainConfig;
  readonly model: VitConfig;
  readonly views: ViewConfig;
  /** Unlabelled images; an epoch goes round them. */
  readonly images: PixelSource;
  /** Threads that make views; the pipeline's default when undefined. */
  readonly workers: number | undefined;
  /** Pairs of a run of bare steps and a run of the trainer, one after the other. */
  readonly rounds: number;
  /** Counted steps of each run. */
  readonly steps: number;
  /** Steps before counting. */
  readonly warmup: number;
  readonly onRound?: (round: TrainBenchRound) => void;
}

export interface TrainBenchRound {
  /** Images a second of bare steps on random images that are already there (`benchStep`). */
  readonly step: number;
  /** Images a second of the trainer's unlabelled steps: views, epochs, monitors and events with them. */
  readonly trainer: number;
}

export interface TrainBenchResult {
  readonly rounds: readonly TrainBenchRound[];
  /** Median over the rounds of trainer / step. */
  readonly ratio: number;
}

/**
 * How much of the bare step's rate is left in the trainer's own loop. Both run in turns in this process with the same network,
 * batch and engine, so that what else the machine does weighs on both. Correction passes and checkpoints are extra work that
 * the configuration asks for and are left out.
 *
 * @throws as `train`
 */
export async function benchTrain(engine: Engine, options: TrainBenchOptions): Promise<TrainBenchResult> {
  const { config, model, views, steps, warmup, onRound } = options;
  const network = {
    model,
    globalSize: views.global.size,
    localSize: views.local.size,
    localViews: views.local.count,
  };
  const rounds: TrainBenchRound[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const times: number[] = [];
    const onStep = (_: number, milliseconds: number): number => times.push(milliseconds);
    await benchStep(engine, stepConfigOf(config, network), { steps, warmup, onStep });
    const step = (config.batch * times.length * 1e3) / times.reduce((sum, time) => sum + time, 0);
    const done = { step, trainer: await trainerRate(engine, network, options) };
    rounds.push(done);
    onRound?.(done);
  }
  const ratios = rounds.map((round) => round.trainer / round.step).sort((a, b) => a - b);
  const middle = ratios.length >> 1;
  const upper = ratios[middle] ?? NaN;
  return { rounds, ratio: ratios.length % 2 === 1 ? upper : ((ratios[middle - 1] ?? NaN) + upper) / 2 };
}

async function trainerRate(engine: Engine, network: Network, options: TrainBenchOptions): Promise<number> {
  const { images, steps, warmup, config } = options;
  const stepsPerEpoch = Math.max(1, Math.floor(images.count / config.batch));
  const start = initialiseParameters(network.model, createRng(7).stream('weights'));
  const ends: number[] = [];
  await train({
    engine,
    network,
    config: {
      ...config,
      epochs: { initial: 1, generation: Math.ceil((warmup + steps + 1) / stepsPerEpoch) },
      leastSteps: { initial: 0, generation: 0 },
      correction: { ...config.correction, everySteps: 0 },
      onCollapse: 'report',
    },
    data: benchData(options),
    seed: 7,
    generations: 1,
    start: { student: start, teacher: start },
    firstStage: 1,
    onEvent: ({ kind }) => {
      if (kind === 'step') ends.push(performance.now());
    },
  });
  const [first = NaN, last = NaN] = [ends[warmup], ends[warmup + steps]];
  return (config.batch * steps * 1e3) / (last - first);
}

/** The images as one fold; as labelled ones too, since a run must have some, although no step here is supervised. */
function benchData({ images, model, config, views, workers }: TrainBenchOptions): TrainingData {
  const shared = { channels: model.inChannels, batch: config.batch, seed: 7, workers };
  const labels = Uint8Array.from({ length: images.count }, (_, i) => i % 2);
  return {
    identity: 'bench',
    labels,
    foldSizes: [images.count],
    labelled: (_use, stage) => viewBatches(shared, images, views, `labelled/${stage}`, labels),
    unlabelled: (generation) => viewBatches(shared, images, views, `unlabelled/${generation}`),
  };
}
