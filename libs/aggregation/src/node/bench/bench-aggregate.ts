import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { verifyEd25519Native } from '@fedistl/crypto/node';
import { type AggregationRule, openMessage } from '@fedistl/protocol';
import { AggregationError } from '../../aggregation.errors';
import { siteWeights } from '../../weights/site-weights';
import { runRule } from '../../aggregate/run-rule';
import { aggregateFiles } from '../aggregate-files';
import { FilePassRunner } from '../file-pass-runner';
import { PassWorkerPool } from '../pass-worker-pool';
import { type BenchUpdate, writeBenchUpdates } from './bench-updates';

export interface BenchAggregateOptions {
  readonly sites: number;
  readonly parameters: number;
  readonly rule: string;
  /** Aggregations to time; the middle one is reported. */
  readonly runs: number;
  readonly threads?: number;
  /** Where the updates are written and left; without it a temporary folder is used and removed. */
  readonly directory?: string;
}

export interface BenchAggregateReport {
  readonly rule: string;
  readonly sites: number;
  readonly parameters: number;
  readonly threads: number;
  /** From "all bytes are on disk" to "the aggregated update is there": signatures, hashes, checks, arithmetic. */
  readonly secondsAfterLastByte: number;
  readonly runSeconds: readonly number[];
  /** The rule alone, reading included, without hashes, signatures and checks: what other programs' sums are compared with. */
  readonly arithmeticSeconds: number;
  /** Processor time of one whole aggregation, all threads together: steadier than seconds on a busy machine. */
  readonly cpuSeconds: number;
  readonly arithmeticCpuSeconds: number;
  /** Bytes of all updates by the time above; a rule that reads them twice is not credited twice. */
  readonly gigabytesPerSecond: number;
  readonly arithmeticGigabytesPerSecond: number;
  readonly idleRssMiB: number;
  readonly peakRssMiB: number;
  readonly peakOverIdleMiB: number;
  /** Of the aggregated float32 values: the same for every number of threads. */
  readonly resultSha256: string;
}

/** The rules that can be timed, with the number of hostile sites that fits. @throws AggregationError `AGGREGATION.UNKNOWN_RULE` */
export function benchRule(name: string, sites: number): AggregationRule {
  const byzantine = Math.max(1, Math.floor((sites - 3) / 2));
  switch (name) {
    case 'fedavg':
    case 'median':
      return { name };
    case 'trimmed-mean':
      return { name, trimFraction: 0.2 };
    case 'krum':
      return { name, byzantine };
    case 'multi-krum':
      return { name, byzantine, selected: null };
    case 'bulyan':
      return { name, byzantine: Math.max(0, Math.floor((sites - 3) / 4)) };
    case 'geometric-median':
      return { name, maximumIterations: 100, smoothing: 1e-6 };
    default:
      throw new AggregationError(
        'AGGREGATION.UNKNOWN_RULE',
        `expected fedavg, median, trimmed-mean, krum, multi-krum, bulyan or geometric-median, got ${name}`,
      );
  }
}

/** Times the aggregation of signed updates from disk. */
export async function benchAggregate(options: BenchAggregateOptions): Promise<BenchAggregateReport> {
  const rule = benchRule(options.rule, options.sites);
  const directory = options.directory ?? mkdtempSync(path.join(tmpdir(), 'fedistl-bench-'));
  try {
    return await measure(options, rule, writeBenchUpdates({ ...options, directory }));
  } finally {
    if (options.directory === undefined) rmSync(directory, { recursive: true });
  }
}

async function measure(
  { sites, parameters, runs, threads = Math.min(8, availableParallelism()) }: BenchAggregateOptions,
  rule: AggregationRule,
  updates: readonly BenchUpdate[],
): Promise<BenchAggregateReport> {
  const idle = process.memoryUsage.rss();
  const runSeconds: number[] = [];
  const cpuSeconds: number[] = [];
  let resultSha256 = '';
  let peak = 0;
  // A coordinator keeps its threads from round to round, so their start is not in the time; their memory is in the peak.
  const pool = new PassWorkerPool(threads);
  await pool.ready();
  for (let run = 0; run < runs; run++) {
    const spent = startClock();
    const delta = await aggregateOnce(rule, parameters, pool, updates);
    const { wall, cpu } = spent();
    runSeconds.push(wall);
    cpuSeconds.push(cpu);
    // The kernel's own high-water mark (in KiB), which no sampling can miss. Of the first run: in later ones the result before
    // may still wait for the garbage collector.
    if (run === 0) peak = process.resourceUsage().maxRSS * 1024;
    resultSha256 = createHash('sha256').update(delta).digest('hex');
  }
  const arithmeticRuns: Spent[] = [];
  for (let run = 0; run < runs; run++) arithmeticRuns.push(await timeArithmetic(rule, parameters, pool, updates));
  await pool.close();
  const [seconds, arithmeticSeconds] = [middleOf(runSeconds), middleOf(arithmeticRuns.map(({ wall }) => wall))];
  const gigabytes = (4 * parameters * sites) / 1e9;
  return {
    rule: rule.name,
    sites,
    parameters,
    threads,
    secondsAfterLastByte: seconds,
    runSeconds,
    arithmeticSeconds,
    cpuSeconds: middleOf(cpuSeconds),
    arithmeticCpuSeconds: middleOf(arithmeticRuns.map(({ cpu }) => cpu)),
    gigabytesPerSecond: gigabytes / seconds,
    arithmeticGigabytesPerSecond: gigabytes / arithmeticSeconds,
    idleRssMiB: idle / 2 ** 20,
    peakRssMiB: peak / 2 ** 20,
    peakOverIdleMiB: (peak - idle) / 2 ** 20,
    resultSha256,
  };
}

interface Spent {
  readonly wall: number;
  readonly cpu: number;
}

/** Starts to measure; the function that comes back says the seconds since. */
function startClock(): () => Spent {
  const [start, cpuStart] = [performance.now(), process.cpuUsage()];
  return () => {
    const { user, system } = process.cpuUsage(cpuStart);
    return { wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 };
  };
}

function middleOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}

async function timeArithmetic(
  rule: AggregationRule,
  parameters: number,
  pool: PassWorkerPool,
  updates: readonly BenchUpdate[],
): Promise<Spent> {
  const files = updates.map(({ path: file, layout }) => ({ path: file, layout }));
  const runner = new FilePassRunner({ parameters, files, pool, isHashed: false });
  const sites = files.map((_, source) => ({ source, scale: 1 }));
  const weights = updates.map((_, i) => 4000 + 500 * i);
  const spent = startClock();
  await runRule((pass) => runner.run(pass), rule, sites, weights);
  return spent();
}

async function aggregateOnce(
  rule: AggregationRule,
  parameters: number,
  pool: PassWorkerPool,
  updates: readonly BenchUpdate[],
): Promise<Float32Array> {
  const manifests = updates.map(({ envelope, identity }) =>
    openMessage('update-manifest', envelope, { keys: [identity.public], verify: verifyEd25519Native }),
  );
  const weights = siteWeights(
    { by: 'images-seen', capMultipleOfMedian: 4 },
    manifests.map(({ counts }) => counts),
  );
  const { delta } = await aggregateFiles({
    rule,
    normBound: null,
    parameters,
    pool,
    updates: updates.map(({ path: file }, i) => {
      const manifest = manifests[i];
      if (manifest === undefined) throw new RangeError(`no manifest ${String(i)}`);
      return { manifest, path: file, weight: weights[i] ?? 0 };
    }),
  });
  return delta;
}
