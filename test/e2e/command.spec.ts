import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const command = path.resolve(__dirname, '../../apps/cli/bin/fedistl.cjs');

jest.setTimeout(300_000);

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a person does, compiled; the first call compiles when sources changed. */
async function fedistl(...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, stdout, stderr };
}

describe('the fedistl command', () => {
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'fedistl-e2e-'));
    expect((await fedistl('--version')).code).toBe(0);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('ends with 0, 1 or 2 as documented, and names the code of a refusal', async () => {
    expect(await fedistl('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('bench') as string });
    expect(await fedistl('bench', 'nothing')).toMatchObject({ code: 2, stdout: '' });
    expect(await fedistl('bench', 'step', '--batch', 'two')).toMatchObject({ code: 2 });
    const odd = await fedistl('bench', 'step', '--size', '63');
    expect(odd).toMatchObject({ code: 1, stdout: '' });
    expect(odd.stderr).toBe(
      'error VIT.CONFIG_IMAGE_SIZE: expected an image size that is a multiple of the 8 px patch, got 63 px\n',
    );
  });

  it('times a step and prints one JSON object', async () => {
    const { code, stdout } = await fedistl(
      ...['bench', 'step', '--size', '16', '--dim', '48', '--depth', '2', '--prototypes', '32', '--batch', '2'],
      ...['--threads', '1', '--steps', '2', '--warmup', '1', '--json'],
    );
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as Record<string, unknown>;
    expect(result).toMatchObject({ engine: 'onnxruntime', provider: 'cpu', batch: 2, steps: 2 });
    for (const key of ['imagesPerSecond', 'stepMs', 'gflops', 'peakRssMiB', 'compileMs']) {
      expect([key, Number(result[key]) > 0]).toEqual([key, true]);
    }
    expect(result['lastLoss']).not.toBe(result['firstLoss']);
  });

  it('makes phantoms, brings them in, and counts them', async () => {
    const phantoms = path.join(folder, 'phantoms');
    const data = ['--data-dir', path.join(folder, 'data')];
    expect(await fedistl('phantom', phantoms, '--count', '12', '--size', '64', '--sites', '2')).toMatchObject({
      code: 0,
    });
    const imported = await fedistl('dataset', 'import', phantoms, '--name', 'phantoms', '--min-side', '32', ...data);
    expect([imported.code, imported.stdout]).toEqual([0, expect.stringContaining('12 usable')]);
    const shown = await fedistl('dataset', 'show', 'phantoms', '--json', ...data);
    expect(shown.code).toBe(0);
    expect(JSON.parse(shown.stdout)).toMatchObject({ found: 12 });
    expect(await fedistl('dataset', 'show', 'nothing', ...data)).toMatchObject({ code: 1 });
  });

  it('says which engines there are', async () => {
    const { code, stdout } = await fedistl('doctor', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as { engines: { engine: string; gflops?: number }[]; auto: string };
    const cpu = report.engines.find(({ engine }) => engine === 'onnxruntime-cpu');
    expect(cpu?.gflops).toBeGreaterThan(0);
    expect(report.auto).toContain('GFLOP/s');
  });
});
