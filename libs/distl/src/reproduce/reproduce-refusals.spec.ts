import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DataSet } from '@fedistl/imaging';
import { SMALL_PLAN, smallReproduction, smallSet } from './testing/small-reproduction';

jest.setTimeout(300_000);

const folder = mkdtempSync(path.join(tmpdir(), 'fedistl-reproduce-'));
const at = (name: string): string => path.join(folder, name);
beforeAll(() => smallSet(folder));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('refuses before anything is written: a fold smaller than a batch, an unseen class that is positive', async () => {
  const changes = {
    ...SMALL_PLAN,
    train: { ...SMALL_PLAN.train, batch: 16, shortBatches: 'refuse' },
    protocol: { labelledShare: 0.7 },
  };
  await expect(smallReproduction(folder, 'refused', { changes })).rejects.toMatchObject({
    code: 'DISTL.FOLD_TOO_SMALL',
  });
  const dataSet = DataSet.open({ dataDirectory: at('data'), name: 'ph' });
  const unseen = { name: 'same', items: dataSet.select({ label: 1 }).items };
  dataSet.close();
  await expect(smallReproduction(folder, 'refused', { unseen })).rejects.toMatchObject({
    code: 'REPRODUCE.UNSEEN_CLASS',
  });
  expect(existsSync(at('refused'))).toBe(false);
});

it('refuses a folder of another run, and a unit that cannot be read', async () => {
  await smallReproduction(folder, 'run', { ablations: [] });
  const changes = { ...SMALL_PLAN, train: { ...SMALL_PLAN.train, centreMomentum: 0.8 } };
  await expect(smallReproduction(folder, 'run', { changes })).rejects.toMatchObject({ code: 'REPRODUCE.OTHER_RUN' });
  const unit = at('run/state/units/seed-0/ridge.json');
  writeFileSync(unit, readFileSync(unit, 'utf8').slice(0, -20));
  await expect(smallReproduction(folder, 'run', { ablations: [] })).rejects.toMatchObject({
    code: 'REPRODUCE.STATE_DAMAGED',
  });
});

describe('a full disk', () => {
  const disk = at('disk');
  let mounted = false;
  beforeAll(() => {
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=192k', 'tmpfs', disk], { stdio: 'ignore' });
      mounted = true;
    } catch {
      console.warn('skipped: a file system of limited size can be mounted by root alone');
    }
  });
  afterAll(() => {
    if (mounted) execFileSync('umount', [disk]);
  });

  it('is told of by its code, and no file is half there', async () => {
    if (!mounted) return;
    await expect(smallReproduction(folder, 'disk/run')).rejects.toMatchObject({ code: 'FILE.DISK_FULL' });
    const names = readdirSync(disk, { recursive: true, encoding: 'utf8' });
    expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    for (const name of names.filter((entry) => entry.endsWith('.json'))) {
      expect(() => JSON.parse(readFileSync(path.join(disk, name), 'utf8')) as unknown).not.toThrow();
    }
  });
});
