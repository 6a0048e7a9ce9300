import { type Engine, type Executable, type HostArray } from '@fedistl/compute';
import { createRng, type Rng } from '@fedistl/core';
import { drawKeepMask, initialiseParameters, vitParameters } from '@fedistl/vit';
import { ADAMW_DEFAULTS, adamwScalars } from '../optimiser/adamw';
import { distlStep } from '../step/distl-step';
import { stateName, trainingState } from '../step/state-names';
import { type StepConfig } from '../step/step-config';
import { INPUT, stepInputs } from '../step/step-inputs';
import { stepFlops } from './step-flops';

export interface StepBenchOptions {
  readonly warmup: number;
  readonly steps: number;
  /** Called after each counted step. */
  readonly onStep?: (index: number, milliseconds: number) => void;
}

export interface StepBenchResult {
  readonly engine: string;
  readonly provider: string;
  readonly imagesPerSecond: number;
  /** Median. */
  readonly stepMs: number;
  readonly stepMsMin: number;
  readonly stepMsMax: number;
  /** 1e9 useful operations of the matrix products a second. */
  readonly gflops: number;
  readonly peakRssMiB: number;
  readonly compileMs: number;
  readonly steps: number;
  readonly batch: number;
  readonly parameters: number;
  /** Losses of the first and the last step: a step that learns nothing was not a step. */
  readonly firstLoss: number;
  readonly lastLoss: number;
}

/** Times whole DISTL steps on random images: student and teacher, losses, backward, clipping, AdamW, EMA, centre. */
export async function benchStep(
  engine: Engine,
  config: StepConfig,
  options: StepBenchOptions,
): Promise<StepBenchResult> {
  const rng = createRng(7);
  const parameters = vitParameters(config.model);
  const state = await engine.createState(trainingState(parameters, config.model.dinoHead.outDim));
  const initial = initialiseParameters(config.model, rng.stream('weights'));
  await state.write(
    new Map(
      [...initial].flatMap(([name, data]) => [
        [stateName.student(name), data] as const,
        [stateName.teacher(name), data] as const,
      ]),
    ),
  );
  const step = await engine.compile(distlStep(config, false), state);
  const times: number[] = [];
  const losses: number[] = [];
  try {
    const inputs = randomInputs(config, rng);
    for (let index = 0; index < options.warmup + options.steps; index++) {
      const started = performance.now();
      losses.push(await runOnce(step, inputs, index + 1));
      if (index < options.warmup) continue;
      times.push(performance.now() - started);
      options.onStep?.(times.length, times.at(-1) ?? 0);
    }
  } finally {
    await step.dispose();
    await state.dispose();
  }
  const stepMs = median(times);
  return {
    engine: engine.name,
    provider: engine.provider,
    imagesPerSecond: (config.batch / stepMs) * 1e3,
    stepMs,
    stepMsMin: Math.min(...times),
    stepMsMax: Math.max(...times),
    gflops: stepFlops(config) / stepMs / 1e6,
    peakRssMiB: process.resourceUsage().maxRSS / 1024,
    compileMs: step.compileMs,
    steps: times.length,
    batch: config.batch,
    parameters: parameters.reduce((sum, { shape }) => sum + shape.reduce((size, length) => size * length, 1), 0),
    firstLoss: losses[0] ?? NaN,
    lastLoss: losses.at(-1) ?? NaN,
  };
}

async function runOnce(step: Executable, inputs: Record<string, HostArray>, count: number): Promise<number> {
  const scalars = adamwScalars(ADAMW_DEFAULTS, 1e-4, 0.01, count);
  const outputs = await step.run({ ...inputs, [INPUT.optimiser]: scalars, [INPUT.lastLayerOptimiser]: scalars });
  return outputs.get('loss')?.data[0] ?? NaN;
}

function randomInputs(config: StepConfig, rng: Rng): Record<string, HostArray> {
  const inputs: Record<string, HostArray> = {
    [INPUT.lossWeights]: Float32Array.of(0.5, 0.5, 0),
    [INPUT.teacherMomentum]: Float32Array.of(0.9995, 0.0005),
  };
  for (const { name, shape } of stepInputs(config, false)) {
    if (name in inputs || name === INPUT.optimiser || name === INPUT.lastLayerOptimiser) continue;
    if (name === INPUT.globalKeepMask || name === INPUT.localKeepMask) {
      inputs[name] = drawKeepMask(config.model, shape[1] ?? 0, rng.stream(name));
      continue;
    }
    const values = new Float32Array(shape.reduce((size, length) => size * length, 1));
    rng.stream(name).fillUniform(values);
    inputs[name] = values;
  }
  return inputs;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
