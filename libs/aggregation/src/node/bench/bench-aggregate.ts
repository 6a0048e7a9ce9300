import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { type AggregationRule, openMessage } from '@fedistl/protocol';
import { AggregationError } from '../../aggregation.errors';
import { siteWeights } from '../../weights/site-weights';
import { aggregateFiles } from '../aggregate-files';
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
  /** From "all bytes are on disk" to "the aggregated update is there": signatures, threads, hashes, checks, arithmetic. */
  readonly secondsAfterLastByte: number;
  readonly runSeconds: readonly number[];
  /** Bytes of all updates by the time above; a rule that reads them twice is not credited twice. */
  readonly gigabytesPerSecond: number;
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
  let resultSha256 = '';
  let peak = 0;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    const delta = await aggregateOnce(rule, parameters, threads, updates);
    runSeconds.push((performance.now() - start) / 1000);
    // The kernel's own high-water mark (in KiB), which no sampling can miss. Of the first run: in later ones the result before
    // may still wait for the garbage collector.
    if (run === 0) peak = process.resourceUsage().maxRSS * 1024;
    resultSha256 = createHash('sha256').update(delta).digest('hex');
  }
  const seconds = runSeconds.toSorted((a, b) => a - b)[Math.floor((runs - 1) / 2)] ?? 0;
  return {
    rule: rule.name,
    sites,
    parameters,
    threads,
    secondsAfterLastByte: seconds,
    runSeconds,
    gigabytesPerSecond: (4 * parameters * sites) / seconds / 1e9,
    idleRssMiB: idle / 2 ** 20,
    peakRssMiB: peak / 2 ** 20,
    peakOverIdleMiB: (peak - idle) / 2 ** 20,
    resultSha256,
  };
}

async function aggregateOnce(
  rule: AggregationRule,
  parameters: number,
  threads: number,
  updates: readonly BenchUpdate[],
): Promise<Float32Array<ArrayBufferLike>> {
  const manifests = updates.map(({ envelope, identity }) =>
    openMessage('update-manifest', envelope, { keys: [identity.public] }),
  );
  const weights = siteWeights(
    { by: 'images-seen', capMultipleOfMedian: 4 },
    manifests.map(({ counts }) => counts),
  );
  const pool = new PassWorkerPool(threads);
  try {
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
  } finally {
    await pool.close();
  }
}
