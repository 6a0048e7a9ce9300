import { benchStep, STEP_DEFAULTS } from '@fedistl/distl';
import {
  benchDecode,
  benchViews,
  type DecodeBenchRow,
  MINI_VIEWS,
  PAPER_VIEWS,
  phantomSource,
  type ViewBenchRow,
} from '@fedistl/imaging';
import { vitPreset } from '@fedistl/vit';
import { type Command } from 'commander';
import { availableParallelism } from 'node:os';
import { addEngineOptions, engineFrom, type EngineFlags, wholeNumber } from './engine-options';

interface BenchDataFlags extends EngineFlags {
  readonly workers: number;
  readonly milliseconds: number;
  readonly imageSize: number;
  readonly decode: boolean;
  readonly trainer: boolean;
  readonly json: boolean;
}

/** What the views cost beside the trainer that they feed. */
interface Appetite {
  readonly preset: 'mini';
  readonly engine: string;
  readonly imagesPerSecond: number;
  /** Views that can be made in the time of one training image: above 1, the data path is no bottleneck. */
  readonly viewsToTrainer: number;
  /** Share of the machine's cores that views for this trainer take. */
  readonly shareOfCores: number;
}

interface BenchDataResult {
  /** Images are phantoms. */
  readonly synthetic: true;
  readonly cores: number;
  readonly imageSize: number;
  readonly views: readonly ViewBenchRow[];
  readonly trainer: Appetite | null;
  readonly decode: readonly DecodeBenchRow[] | null;
  readonly peakRssMiB: number;
}

/** Images held in memory; an epoch goes round them. */
const PHANTOMS = 64;
const BATCH = 16;

/** `fedistl bench data`: how fast images become views, and files pixels. */
export function registerBenchData(bench: Command): void {
  const command = bench
    .command('data')
    .description(
      'time the making of training views and the decoding of each DICOM transfer syntax, on synthetic images',
    )
    .option('--workers <count>', 'view threads (the cores)', wholeNumber, availableParallelism())
    .option('--milliseconds <time>', 'least time for each row', wholeNumber, 2000)
    .option('--image-size <px>', 'side of the cached images that views are cut from', wholeNumber, 256)
    .option('--no-decode', 'leave out the decoders')
    .option('--no-trainer', 'leave out the trainer that views are compared with')
    .option('--json', 'print one JSON object', false);
  addEngineOptions(command).action(run);
}

async function run(flags: BenchDataFlags): Promise<void> {
  const tell = (text: string): void => {
    if (!flags.json) process.stderr.write(`${text} ...\n`);
  };
  tell('making phantoms');
  const source = phantomSource(PHANTOMS, flags.imageSize);
  const views: ViewBenchRow[] = [];
  for (const [name, config] of [
    ['mini', MINI_VIEWS],
    ['mini', { ...MINI_VIEWS, mode: 'parity' }],
    ['paper', PAPER_VIEWS],
  ] as const) {
    for (const workers of new Set([1, flags.workers])) {
      tell(`${name} views, ${config.mode}, ${workers} threads`);
      const { milliseconds } = flags;
      views.push(await benchViews({ name, config, source, batchSize: BATCH, workers, milliseconds }));
    }
  }
  if (flags.trainer) tell('training steps of the mini preset');
  const trainer = flags.trainer ? await appetite(flags, views) : null;
  if (flags.decode) tell('decoding');
  const decode = flags.decode ? await benchDecode() : null;
  const result: BenchDataResult = {
    synthetic: true,
    cores: availableParallelism(),
    imageSize: flags.imageSize,
    views,
    trainer,
    decode,
    peakRssMiB: process.resourceUsage().maxRSS / 1024,
  };
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : report(result));
}

async function appetite(flags: BenchDataFlags, views: readonly ViewBenchRow[]): Promise<Appetite> {
  const model = vitPreset('mini');
  const { size: globalSize } = MINI_VIEWS.global;
  const { size: localSize, count: localViews } = MINI_VIEWS.local;
  const engine = await engineFrom(flags);
  const step = { ...STEP_DEFAULTS, model, batch: BATCH, globalSize, localSize, localViews };
  const { imagesPerSecond, engine: name } = await benchStep(engine, step, { warmup: 2, steps: 5 });
  await engine.dispose();
  const mini = views.filter((row) => row.name === 'mini' && row.mode === MINI_VIEWS.mode);
  const fastest = Math.max(...mini.map((row) => row.imagesPerSecond));
  const cpuMs = Math.min(...mini.map((row) => row.cpuMsPerImage));
  return {
    preset: 'mini',
    engine: name,
    imagesPerSecond,
    viewsToTrainer: fastest / imagesPerSecond,
    shareOfCores: (cpuMs * imagesPerSecond) / 1000 / availableParallelism(),
  };
}

function report({ views, trainer, decode, peakRssMiB, imageSize }: BenchDataResult): string {
  const lines = [`views of ${imageSize} px phantoms (synthetic)`];
  for (const row of views) {
    const what = `${row.name} ${row.globalSize}/${row.localSize} px, ${row.viewsPerImage} views, ${row.mode}`;
    const rate = `${row.imagesPerSecond.toFixed(0)} images/s, ${row.viewsPerSecond.toFixed(0)} views/s`;
    lines.push(`  ${what.padEnd(40)} ${row.workers} threads  ${rate}, ${row.cpuMsPerImage.toFixed(2)} ms CPU an image`);
  }
  if (trainer !== null) {
    lines.push(
      `trainer (mini, ${trainer.engine}): ${trainer.imagesPerSecond.toFixed(1)} images/s; views ${trainer.viewsToTrainer.toFixed(0)} times as fast, ${(100 * trainer.shareOfCores).toFixed(1)} % of the cores`,
    );
  }
  if (decode !== null) {
    lines.push('decode, one thread');
    for (const row of decode) {
      lines.push(
        `  ${row.name.padEnd(44)} ${row.megapixelsPerSecond.toFixed(1)} megapixels/s (${row.bitsStored} bits)`,
      );
    }
  }
  lines.push(`peak memory ${peakRssMiB.toFixed(0)} MiB`, '');
  return lines.join('\n');
}
