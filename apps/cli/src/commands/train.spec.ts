import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openModel } from '@fedistl/distl';
import { importDataSet, writePhantoms } from '@fedistl/imaging';
import { printedBy } from '../testing/printed-by';
import { registerTrain } from './train';

jest.setTimeout(120_000);

const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-train-'));
const at = (name: string): string => path.join(directory, name);
const base = ['train', '--data', 'ph', '--data-dir', at('data'), '--threads', '1', '--workers', '0'];

const run = (...args: string[]): Promise<string> => printedBy([registerTrain], [...base, ...args]);

beforeAll(async () => {
  await writePhantoms({
    folder: at('phantoms'),
    count: 60,
    size: 64,
    sites: 2,
    seed: 1,
    task: 'tuberculosis',
    format: 'png',
    leastSeverity: 0.5,
  });
  await importDataSet({
    dataDirectory: at('data'),
    name: 'ph',
    source: at('phantoms'),
    settings: { labelledShare: 0.4, folds: 1 },
  });
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

it('trains, logs, writes the models of each T and their AUC; an ended run resumed says the same', async () => {
  writeFileSync(
    at('plan.json'),
    '{"batch": 4, "epochs": {"initial": 1, "generation": 1}, "leastSteps": {"initial": 0, "generation": 0}}',
  );
  const flags = ['--plan', at('plan.json'), '--generations', '1', '--out', at('run'), '--json'];
  const first = JSON.parse(await run(...flags)) as { hash: string; testImages: number; models: { auc: unknown }[] };
  expect(first.models).toHaveLength(3);
  expect(first.testImages).toBeGreaterThan(0);
  expect(readdirSync(at('run')).sort()).toEqual([
    'checkpoints',
    'generation-1-student.safetensors',
    'generation-1-teacher.safetensors',
    'initial-student.safetensors',
    'log.jsonl',
    'tensorboard',
  ]);
  // The model file says how its images were prepared, so that `evaluate` need not be told.
  const { preprocessing, name } = await openModel(at('run/generation-1-student.safetensors'));
  expect(preprocessing).toMatchObject({ size: 64, resize: 'fast', blurRadius: 0 });
  expect(name).toBe('T = 1, student');
  const kinds = readFileSync(at('run/log.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { kind: string }).kind);
  expect(kinds.filter((kind) => kind === 'stage-ended')).toHaveLength(2);
  await expect(run(...flags)).rejects.toMatchObject({ code: 'DISTL.RUN_EXISTS' });
  expect(JSON.parse(await run(...flags, '--resume'))).toEqual(first);
});

it('refuses a plan with an unknown key and more generations than folds, and writes nothing', async () => {
  writeFileSync(at('bad.json'), '{"bacth": 4}');
  const refused = ['--out', at('refused')];
  await expect(run('--plan', at('bad.json'), ...refused)).rejects.toMatchObject({ code: 'DISTL.CONFIG_UNKNOWN_KEY' });
  await expect(run('--plan', at('plan.json'), '--generations', '2', ...refused)).rejects.toMatchObject({
    code: 'DISTL.FOLD_TOO_SMALL',
  });
  expect(existsSync(at('refused'))).toBe(false);
});
