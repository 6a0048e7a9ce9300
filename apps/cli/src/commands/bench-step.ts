import { benchStep, STEP_DEFAULTS, type StepBenchResult, type StepConfig } from '@fedistl/distl';
import { parseVitConfig, type VitConfig, vitPreset, type VitPresetName, vitPresetNames } from '@fedistl/vit';
import { type Command, Option } from 'commander';
import { addEngineOptions, countFromZero, engineFrom, type EngineFlags, wholeNumber } from './engine-options';

interface BenchStepFlags extends EngineFlags {
  readonly preset: VitPresetName;
  readonly size?: number;
  readonly patch?: number;
  readonly dim?: number;
  readonly depth?: number;
  readonly heads?: number;
  readonly prototypes?: number;
  readonly channels?: number;
  readonly localCrops?: number;
  readonly localSize?: number;
  readonly batch: number;
  readonly remat: boolean;
  readonly steps: number;
  readonly warmup: number;
  readonly profile?: string;
  readonly json: boolean;
}

/** `fedistl bench step`: one whole DISTL training step, timed. */
export function registerBenchStep(bench: Command): void {
  const command = bench
    .command('step')
    .description('time whole DISTL steps: student on all views, teacher on two, losses, backward, AdamW, EMA, centre')
    .addOption(new Option('--preset <name>', 'network').choices(vitPresetNames).default('mini'))
    .option('--size <px>', 'side of the global views (64; 256 for the 224 px presets)', wholeNumber)
    .option('--patch <px>', 'patch side', wholeNumber)
    .option('--dim <width>', 'token width', wholeNumber)
    .option('--depth <blocks>', 'transformer blocks', wholeNumber)
    .option('--heads <count>', 'attention heads', wholeNumber)
    .option('--prototypes <count>', 'outputs of the DINO head', wholeNumber)
    .option('--channels <count>', 'input channels, 1 or 3', wholeNumber)
    .option('--local-crops <count>', 'local views an image (4; 8 for the 224 px presets)', countFromZero)
    .option('--local-size <px>', 'side of the local views (half the global)', wholeNumber)
    .option('--batch <images>', 'images a step', wholeNumber, 16)
    .option('--remat', 'recompute activations in the backward pass: less memory, more time', false)
    .option('--steps <count>', 'counted steps', wholeNumber, 12)
    .option('--warmup <count>', 'steps before counting', countFromZero, 3)
    .option('--profile <prefix>', "write the runtime's profile to files that begin so (onnxruntime)")
    .option('--json', 'print one JSON object', false);
  addEngineOptions(command).action(run);
}

async function run(flags: BenchStepFlags): Promise<void> {
  const config = stepConfig(flags);
  const engine = await engineFrom(flags, flags.profile === undefined ? {} : { profilePrefix: flags.profile });
  const result = await benchStep(engine, config, {
    warmup: flags.warmup,
    steps: flags.steps,
    onStep: (index, milliseconds) => {
      if (!flags.json) process.stderr.write(`step ${index}: ${milliseconds.toFixed(0)} ms\n`);
    },
  });
  await engine.dispose();
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : report(result));
}

function stepConfig(flags: BenchStepFlags): StepConfig {
  const preset = vitPreset(flags.preset);
  const large = preset.imageSize === 224;
  const globalSize = flags.size ?? (large ? 256 : preset.imageSize);
  return {
    ...STEP_DEFAULTS,
    model: network(flags, preset, large ? preset.imageSize : globalSize),
    batch: flags.batch,
    globalSize,
    localSize: flags.localSize ?? globalSize / 2,
    localViews: flags.localCrops ?? (large ? 8 : 4),
    rematerialise: flags.remat,
  };
}

function network(flags: BenchStepFlags, preset: VitConfig, imageSize: number): VitConfig {
  return parseVitConfig({
    ...preset,
    imageSize,
    patchSize: flags.patch ?? preset.patchSize,
    embedDim: flags.dim ?? preset.embedDim,
    depth: flags.depth ?? preset.depth,
    numHeads: flags.heads ?? preset.numHeads,
    inChannels: flags.channels ?? preset.inChannels,
    dinoHead: { ...preset.dinoHead, outDim: flags.prototypes ?? preset.dinoHead.outDim },
  });
}

function report(result: StepBenchResult): string {
  return [
    `engine ${result.engine} (${result.provider}), batch ${result.batch}, ${result.parameters.toLocaleString('en')} parameters`,
    `step ${result.stepMs.toFixed(1)} ms (median of ${result.steps}; ${result.stepMsMin.toFixed(1)} to ${result.stepMsMax.toFixed(1)})`,
    `${result.imagesPerSecond.toFixed(2)} images/s, ${result.gflops.toFixed(1)} GFLOP/s`,
    `compiled in ${(result.compileMs / 1e3).toFixed(1)} s, peak memory ${result.peakRssMiB.toFixed(0)} MiB`,
    '',
  ].join('\n');
}
