import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeDicom } from '../../dicom-writer/write-dicom';
import { renderRadiograph } from '../../radiograph/render-radiograph';
import { decodeBytes } from '../decode-bytes';
import { SensitiveText } from '../sensitive-text';
import { crowdedFile, slowFile } from '../testing/slow-files';
import { syntheticPixels } from '../synthetic-pixels';
import { DecodePool } from './decode-pool';

const SHAPE = { rows: 40, columns: 30, bitsAllocated: 16, bitsStored: 12 } as const;
const VALUES = syntheticPixels(SHAPE);
const good = (): Promise<Uint8Array> =>
  writeDicom({
    transferSyntax: '1.2.840.10008.1.2.4.80',
    pixels: { ...SHAPE, values: VALUES },
    header: { PatientID: 'P-1', ViewPosition: 'PA' },
  });

describe('the decode pool', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pool-'));
  const pools: DecodePool[] = [];
  const open = (options: ConstructorParameters<typeof DecodePool>[0]): DecodePool => {
    const pool = new DecodePool(options);
    pools.push(pool);
    return pool;
  };

  afterAll(async () => {
    await Promise.all(pools.map((pool) => pool.close()));
    rmSync(folder, { recursive: true });
  });

  it('gives what decoding in this thread gives', async () => {
    const pool = open({ workers: 1 });
    const here = await decodeBytes(await good());
    const there = await pool.decode(await good());
    expect(there.stored.values).toEqual(VALUES);
    expect({ ...there, header: null }).toEqual({ ...here, header: null });
    expect(there.header.patientId).toBeInstanceOf(SensitiveText);
    expect(there.header.patientId?.reveal()).toBe('P-1');
    const { image, greyOrigin } = await pool.radiograph(await good(), { radiograph: { size: 24, fit: 'pad' } });
    expect({ image, greyOrigin }).toEqual(renderRadiograph(here, { size: 24, fit: 'pad' }));
  });

  it('decodes more files than it has threads, each to its own result', async () => {
    const pool = open({ workers: 2 });
    const files = await Promise.all(
      Array.from({ length: 9 }, (_, index) =>
        writeDicom({
          transferSyntax: '1.2.840.10008.1.2.1',
          pixels: { rows: 1, columns: 2, bitsAllocated: 8, values: Uint8Array.of(index, index) },
        }),
      ),
    );
    const decoded = await Promise.all(files.map((file) => pool.decode(file)));
    expect(decoded.map(({ stored }) => stored.values[0])).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('stops a file that takes too long, and goes on with the next', async () => {
    const pool = open({ workers: 1, timeoutMs: 400 });
    const slow = await slowFile();
    expect(slow.length).toBeLessThan(64_000);
    const outcomes = await Promise.allSettled([
      pool.decode(slow),
      pool.decode(await good()),
      pool.decode(await good()),
    ]);
    expect(outcomes[0]).toMatchObject({ status: 'rejected', reason: { code: 'IMAGING.TIMEOUT' } });
    expect(outcomes.slice(1).map((outcome) => outcome.status)).toEqual(['fulfilled', 'fulfilled']);
  });

  it('survives a file that needs more memory than a thread may have', async () => {
    const pool = open({ workers: 1, heapMegabytes: 32 });
    await expect(pool.decode(await crowdedFile(6))).rejects.toMatchObject({ code: 'IMAGING.MEMORY' });
    expect((await pool.decode(await good())).stored.values).toEqual(VALUES);
  });

  it('refuses what is no regular file, and names no path', async () => {
    const pool = open({ workers: 1, timeoutMs: 5000 });
    const pipe = path.join(folder, 'DOE^JANE');
    spawnSync('mkfifo', [pipe]);
    await expect(pool.decode(pipe)).rejects.toMatchObject({
      code: 'IMAGING.UNREADABLE',
      message: 'expected a regular file',
    });
    await expect(pool.decode(folder)).rejects.toMatchObject({ code: 'IMAGING.UNREADABLE' });
    await expect(pool.decode(path.join(folder, 'nothing'))).rejects.toMatchObject({
      message: 'the file cannot be read (ENOENT)',
    });
    const file = path.join(folder, 'good.dcm');
    writeFileSync(file, await good());
    expect((await pool.decode(file)).stored.values).toEqual(VALUES);
    const tooLarge = pool.decode(file, { limits: { maxFileBytes: 100 } });
    await expect(tooLarge).rejects.toMatchObject({ code: 'IMAGING.TOO_LARGE' });
  });

  it('refuses running and waiting files when it is closed', async () => {
    const pool = new DecodePool({ workers: 1 });
    const slow = await slowFile();
    const running = Promise.allSettled([pool.decode(slow), pool.decode(slow)]);
    await pool.close();
    expect(await running).toMatchObject([
      { status: 'rejected', reason: { code: 'IMAGING.POOL_CLOSED' } },
      { status: 'rejected', reason: { code: 'IMAGING.POOL_CLOSED' } },
    ]);
    await expect(pool.decode(await good())).rejects.toMatchObject({ code: 'IMAGING.POOL_CLOSED' });
  });

  it.each([{ workers: 0 }, { timeoutMs: 0.5 }, { heapMegabytes: -1 }])('refuses the options %j', (options) => {
    expect(() => new DecodePool(options)).toThrow('expected positive integers');
  });
});
