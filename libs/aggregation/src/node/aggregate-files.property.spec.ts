import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRng } from '@fedistl/core';
import { type AggregationRule, type TransferEncoding } from '@fedistl/protocol';
import fc from 'fast-check';
import { aggregateInMemory } from '../testing/aggregate-in-memory';
import { bitsOf, type MadeUpdate, makeUpdate } from '../testing/update-set';
import { aggregateFiles } from './aggregate-files';
import { PassWorkerPool } from './pass-worker-pool';

jest.setTimeout(60_000);
const numRuns = process.env['SLOW'] === '1' ? 500 : 30;

const rules: AggregationRule[] = [
  { name: 'fedavg' },
  { name: 'median' },
  { name: 'trimmed-mean', trimFraction: 0.2 },
  { name: 'krum', byzantine: 1 },
  { name: 'multi-krum', byzantine: 1, selected: null },
  { name: 'bulyan', byzantine: 1 },
  { name: 'geometric-median', maximumIterations: 50, smoothing: 1e-6 },
];
const encodings: TransferEncoding[] = [
  { name: 'float32' },
  { name: 'float16' },
  { name: 'bfloat16' },
  { name: 'int8-block', blockLength: 64, errorFeedback: false },
];

function makeSet(seed: number, sites: number, parameters: number, encoding: TransferEncoding): MadeUpdate[] {
  const rng = createRng(seed);
  return Array.from({ length: sites }, (_, s) => {
    const site = rng.stream(`site ${String(s)}`);
    return makeUpdate({
      site: `site-${String(s).padStart(3, '0')}`,
      values: Float32Array.from({ length: parameters }, () => site.normal(0, 0.01)),
      weight: 1 + site.int(1000),
      encoding,
      centre: s % 2 === 0 ? Float32Array.of(1, 2, 3) : null,
    });
  });
}

describe('aggregation of files', () => {
  let folder: string;
  const pools = [1, 2, 3].map((size) => new PassWorkerPool(size));
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'aggregate-'));
  });
  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.close()));
    rmSync(folder, { recursive: true });
  });

  const write = (updates: readonly MadeUpdate[], run: string) =>
    updates.map(({ manifest, blob, weight }) => {
      const file = path.join(folder, `${run}-${manifest.siteId}`);
      writeFileSync(file, blob);
      return { manifest, weight, path: file };
    });

  let run = 0;
  it('gives the same bits for any arrival order, block length and number of threads, and for SIMD and scalar code', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.nat(),
          parameters: fc.integer({ min: 1, max: 1500 }),
          sites: fc.integer({ min: 7, max: 12 }),
          rule: fc.constantFrom(...rules),
          encoding: fc.constantFrom(...encodings),
          order: fc.nat(),
          blockLength: fc.constantFrom(64, 176, 1024, 65_536),
          streamBlock: fc.constantFrom(16, 48, 1024, 65_536),
          pool: fc.constantFrom(...pools),
        }),
        async ({ seed, parameters, sites, rule, encoding, order, blockLength, streamBlock, pool }) => {
          const updates = makeSet(seed, sites, parameters, encoding);
          const shuffled = createRng(order).shuffle([...write(updates, String(run++))]);
          const expected = await aggregateInMemory(updates, { rule, blockLength: streamBlock });
          const got = await aggregateFiles({
            rule,
            normBound: null,
            parameters,
            updates: shuffled,
            pool,
            blockLength,
          });
          expect(got.refused).toEqual([]);
          expect(got.contributions).toEqual(expected.contributions);
          expect(bitsOf(got.delta)).toEqual(bitsOf(expected.delta));
        },
      ),
      { numRuns },
    );
  });

  it.each(rules)('does so for rule $name with every encoding and clipping', async (rule) => {
    for (const encoding of encodings) {
      const updates = makeSet(7, 9, 1100, encoding);
      const normBound = { limit: 0.25, action: 'clip' } as const;
      const expected = await aggregateInMemory(updates, { rule, normBound, blockLength: 32 });
      const stored = write(updates, `clip-${rule.name}-${encoding.name}`).reverse();
      const got = await aggregateFiles({
        rule,
        normBound,
        parameters: 1100,
        updates: stored,
        pool: pools[1]!,
        blockLength: 512,
      });
      expect(bitsOf(got.delta)).toEqual(bitsOf(expected.delta));
      expect(got.contributions.every(({ scale }) => scale < 1)).toBe(true);
    }
  });

  it('leaves out what is damaged on disk and aggregates the rest as if it had never come', async () => {
    const updates = makeSet(3, 5, 500, { name: 'float32' });
    const stored = write(updates, 'damaged');
    const damaged = Uint8Array.from(updates[2]!.blob);
    damaged[damaged.length - 1]! ^= 1;
    writeFileSync(stored[2]!.path, damaged);
    writeFileSync(stored[3]!.path, updates[3]!.blob.subarray(0, 600));
    const got = await aggregateFiles({
      rule: { name: 'fedavg' },
      normBound: null,
      parameters: 500,
      updates: stored,
      pool: pools[0]!,
    });
    expect(got.refused.map(({ siteId, code }) => [siteId, code])).toEqual([
      ['site-003', 'UPDATE.LENGTH_MISMATCH'],
      ['site-002', 'UPDATE.HASH_MISMATCH'],
    ]);
    const expected = await aggregateInMemory([updates[0]!, updates[1]!, updates[4]!], { rule: { name: 'fedavg' } });
    expect(bitsOf(got.delta)).toEqual(bitsOf(expected.delta));
  });
});
