import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Worker } from 'node:worker_threads';
import { bitsOf, makeUpdate } from '../testing/update-set';
import { aggregateFiles, type StoredUpdate } from './aggregate-files';
import { benchAggregate } from './bench/bench-aggregate';
import { FilePassRunner } from './file-pass-runner';
import { PassWorkerPool } from './pass-worker-pool';
import { startPassWorker } from './start-worker';

jest.setTimeout(60_000);

describe('pass workers', () => {
  let folder: string;
  let pool: PassWorkerPool;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'pool-'));
    pool = new PassWorkerPool(2);
  });
  afterAll(async () => {
    await pool.close();
    rmSync(folder, { recursive: true });
  });

  const store = (site: string, value: number): StoredUpdate => {
    const { manifest, blob, weight } = makeUpdate({ site, values: new Float32Array(5000).fill(value) });
    const file = path.join(folder, site);
    writeFileSync(file, blob);
    return { manifest, weight, path: file };
  };
  const layoutOf = ({ manifest }: StoredUpdate) => ({
    encoding: { name: 'float32' } as const,
    parameters: 5000,
    byteLength: manifest.payload.byteLength,
    updateOffset: manifest.payload.byteLength - 20_000,
    centreOffset: 0,
    centreLength: 0,
  });
  const request = (updates: readonly StoredUpdate[]) =>
    ({ rule: { name: 'fedavg' }, normBound: null, parameters: 5000, updates, pool }) as const;

  it('serve several aggregations at once, one after another', async () => {
    const updates = [store('a1', 1), store('b2', 2)];
    const results = await Promise.all([1, 2, 3].map(() => aggregateFiles(request(updates))));
    for (const { delta } of results) expect(bitsOf(delta)).toEqual(bitsOf(new Float32Array(5000).fill(1.5)));
  });

  it('report a file that ends early, and go on with the next pass', async () => {
    const [good, short] = [store('a1', 1), store('b2', 2)];
    const layout = layoutOf(good);
    writeFileSync(short.path, Buffer.alloc(300));
    const files = [good, short].map((update) => ({ path: update.path, layout }));
    const runner = new FilePassRunner({ parameters: 5000, files, pool });
    const sites = [0, 1].map((source) => ({ source, scale: 1 }));
    await expect(runner.run({ sites, operation: { kind: 'inspect' } })).rejects.toThrow(
      expect.objectContaining({ code: 'AGGREGATION.READ_FAILED' }) as Error,
    );
    const { delta } = await aggregateFiles(request([good]));
    expect(delta[4999]).toBe(1);
  });

  it('refuse an update whose file is gone', async () => {
    const updates = [store('a1', 1), { ...store('b2', 2), path: path.join(folder, 'nothing') }];
    await expect(aggregateFiles(request(updates))).rejects.toThrow(
      expect.objectContaining({ code: 'UPDATE.UNREADABLE' }) as Error,
    );
  });

  it('tell when a thread is lost, let the others go, and have a new one for the next pass', async () => {
    const started: Worker[] = [];
    const fragile = new PassWorkerPool(2, () => {
      const worker = startPassWorker();
      started.push(worker);
      return worker;
    });
    await fragile.ready();
    const updates = [store('a1', 1), store('b2', 3)];
    const files = updates.map((update) => ({ path: update.path, layout: layoutOf(update) }));
    const runner = new FilePassRunner({ parameters: 5000, files, pool: fragile });
    const running = runner.run({
      sites: [0, 1].map((source) => ({ source, scale: 1 })),
      operation: { kind: 'inspect' },
    });
    // The request is sent within these turns of the microtask queue; the thread has had no time to answer it.
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    void started[1]!.terminate();
    await expect(running).rejects.toThrow(expect.objectContaining({ code: 'AGGREGATION.WORKER_LOST' }) as Error);
    const { delta } = await aggregateFiles({ ...request(updates), pool: fragile });
    expect(delta[0]).toBe(2);
    expect(started).toHaveLength(3);
    await fragile.close();
    await expect(aggregateFiles({ ...request(updates), pool: fragile })).rejects.toThrow(
      expect.objectContaining({ code: 'AGGREGATION.WORKER_LOST' }) as Error,
    );
  });

  it('bench: signs, verifies, aggregates and reports', async () => {
    const directory = path.join(folder, 'bench');
    const options = { sites: 7, parameters: 30_000, runs: 1, directory };
    const reports = [
      await benchAggregate({ ...options, rule: 'fedavg', threads: 1 }),
      await benchAggregate({ ...options, rule: 'fedavg', threads: 2 }),
      await benchAggregate({ ...options, rule: 'multi-krum', threads: 2 }),
    ];
    expect(reports[0]!.resultSha256).toBe(reports[1]!.resultSha256);
    expect(reports[0]!.resultSha256).not.toBe(reports[2]!.resultSha256);
    for (const report of reports) {
      expect(report.gigabytesPerSecond).toBeGreaterThan(0);
      expect(report.peakRssMiB).toBeGreaterThan(0);
    }
    await expect(benchAggregate({ ...options, rule: 'mode' })).rejects.toThrow(
      expect.objectContaining({ code: 'AGGREGATION.UNKNOWN_RULE' }) as Error,
    );
  });
});
