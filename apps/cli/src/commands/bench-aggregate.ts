import { benchAggregate, type BenchAggregateReport } from '@fedistl/aggregation/node';
import { type Command, InvalidArgumentError } from 'commander';

interface Flags {
  readonly sites: number;
  readonly parameters: number;
  readonly rule: string;
  readonly runs: number;
  readonly threads?: number;
  readonly directory?: string;
  readonly json?: true;
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('expected a whole number from 1.');
}

function inWords(report: BenchAggregateReport): string {
  const { rule, sites, parameters, threads, secondsAfterLastByte, gigabytesPerSecond, peakOverIdleMiB } = report;
  return (
    `${rule} of ${sites} updates of ${parameters} parameters on ${threads} threads: ` +
    `${secondsAfterLastByte.toFixed(2)} s after the last byte, ${gigabytesPerSecond.toFixed(2)} GB/s, ` +
    `peak memory ${peakOverIdleMiB.toFixed(0)} MiB over idle`
  );
}

/** `fedistl bench aggregate`: how fast signed updates on disk become one, and in how much memory. */
export function registerBenchAggregate(bench: Command): void {
  bench
    .command('aggregate')
    .description('time the aggregation of signed updates from disk (docs/benchmarks/aggregation.md)')
    .option('--sites <n>', 'number of updates', wholeNumber, 10)
    .option('--parameters <n>', 'values of each update (ViT-S/8: 21670272)', wholeNumber, 21_670_272)
    .option('--rule <name>', 'fedavg, median, trimmed-mean, krum, multi-krum, bulyan or geometric-median', 'fedavg')
    .option('--runs <n>', 'aggregations to time; the middle one is reported', wholeNumber, 3)
    .option('--threads <n>', 'worker threads (default: processors, at most 8)', wholeNumber)
    .option('--directory <path>', 'write the updates there and leave them, for other programs to time')
    .option('--json', 'print one JSON object')
    .action(async (flags: Flags) => {
      const report = await benchAggregate(flags);
      console.log(flags.json === true ? JSON.stringify(report) : inWords(report));
    });
}
