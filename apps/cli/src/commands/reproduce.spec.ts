import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ReproductionRecord } from '@fedistl/evaluation';
import { importDataSet, writePhantoms } from '@fedistl/imaging';
import { printedBy } from '../testing/printed-by';
import { registerReproduce } from './reproduce';

jest.setTimeout(300_000);

const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-reproduce-'));
const at = (name: string): string => path.join(directory, name);
const base = ['reproduce', '--data', 'ph', '--data-dir', at('data'), '--threads', '1', '--workers', '0'];

const run = (...args: string[]): Promise<string> => printedBy([registerReproduce], [...base, ...args]);

beforeAll(async () => {
  const phantoms = { count: 72, size: 32, sites: 2, seed: 1, task: 'tuberculosis', format: 'png' } as const;
  await writePhantoms({ folder: at('phantoms'), leastSeverity: 0.5, ...phantoms });
  // A third class, of every sixth image: negatives that training is not to see.
  const lines = readFileSync(at('phantoms/labels.csv'), 'utf8').split('\n');
  const changed = lines.map((line, k) => (k % 6 === 0 ? line.replace(',normal,', ',scar,') : line));
  writeFileSync(at('phantoms/labels.csv'), changed.join('\n'));
  await importDataSet({
    dataDirectory: at('data'),
    name: 'ph',
    source: at('phantoms'),
    positive: 'tuberculosis',
    pixels: { size: 32 },
  });
  const model = { embedDim: 16, depth: 1, numHeads: 2, dinoHead: { hiddenDim: 16, bottleneckDim: 8, outDim: 16 } };
  const protocol = { labelledShare: 0.4, validationShare: 0.3, baselineSteps: 2, patience: 1, doublings: 1 };
  const train = { batch: 4, epochs: { initial: 1, generation: 1 }, leastSteps: { initial: 0, generation: 0 } };
  writeFileSync(at('plan.json'), JSON.stringify({ train, model, protocol }));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

it('writes curve, baselines, ablations, wrong labels and the unseen class; a second start repeats nothing', async () => {
  const more = ['--ablate', 'no-correction', '--label-noise', '0,20', '--unseen', 'scar', '--generations', '1'];
  const flags = ['--plan', at('plan.json'), '--seeds', '2', '--out', at('run'), '--json', ...more];
  const printed = await run(...flags);
  const record = JSON.parse(printed) as ReproductionRecord;
  expect(record.rows.map(({ key }) => key)).toEqual([
    'distl/T0-student',
    'distl/T1-student',
    'supervised',
    'all-labels',
    'ridge',
    'no-correction/T1-student',
    'label-noise-20/T0-student',
    'label-noise-20/T1-student',
    'distl/T1-teacher',
  ]);
  const { data, rows } = record;
  expect(data.unseen).toBeGreaterThan(0);
  // Validated by the data set's own split, beside the training images.
  expect(data.validationIsOwn).toBe(true);
  expect(data.labelled + data.folds.reduce((sum, n) => sum + n, 0)).toBe(data.training);
  for (const row of rows) {
    expect(row.aucs).toHaveLength(2);
    expect(row.auc.mean).toBeCloseTo((row.aucs[0]! + row.aucs[1]!) / 2, 12);
    expect(row.unseen?.aucs).toHaveLength(2);
  }
  const [initial, first] = rows;
  expect(first?.minusInitial?.mean).toBeCloseTo(first!.auc.mean - initial!.auc.mean, 12);
  // T = initial is trained as long as the baseline of the same labels: the same network.
  expect(initial?.aucs).toEqual(rows[2]?.aucs);
  expect(readdirSync(at('run')).sort()).toEqual([
    'curve.png',
    'curve.svg',
    'label-noise.png',
    'label-noise.svg',
    'models',
    'report.html',
    'report.json',
    'state',
    'table.csv',
    'table.md',
    'unseen.png',
    'unseen.svg',
  ]);
  const table = readFileSync(at('run/table.md'), 'utf8');
  expect(table.trim().split('\n')).toHaveLength(2 + rows.length);
  expect(readFileSync(at('run/table.csv'), 'utf8').trim().split('\r\n')).toHaveLength(1 + 2 * rows.length);
  expect(readFileSync(at('run/report.json'), 'utf8')).not.toMatch(/seconds|createdAt/);
  const page = readFileSync(at('run/report.html'), 'utf8');
  expect(page).toContain('Wall time');
  // One length alone: nobody can say that a longer one is no better.
  expect(rows.filter(({ unconverged }) => unconverged.length > 0).map(({ key }) => key)).toEqual([
    'distl/T0-student',
    'supervised',
    'all-labels',
  ]);
  expect(page).toContain('Not converged: T = initial (seed 0, 1); Supervised, same labels (seed 0, 1)');
  expect(await run(...flags)).toBe(printed);
});

it('several processes give the same table as one, and the refusal of one ends the others', async () => {
  const flags = ['--plan', at('plan.json'), '--seeds', '2', '--generations', '1', '--json'];
  const alone = await run(...flags, '--jobs', '1', '--out', at('alone'));
  expect(await run(...flags, '--jobs', '3', '--out', at('together'))).toBe(alone);
  // The network that T = initial is taken from is gone: the process that needs it finds that out, and the command says so.
  rmSync(at('together/state/units/seed-1/distl'), { recursive: true });
  rmSync(at('together/models'), { recursive: true });
  await expect(run(...flags, '--jobs', '2', '--out', at('together'))).rejects.toMatchObject({
    code: 'FILE.NOT_FOUND',
    message: expect.stringContaining('seed-1/distl') as string,
  });
});

it('takes the baselines of an earlier run when only generations differ, and none of another kind', async () => {
  const plan = JSON.parse(readFileSync(at('plan.json'), 'utf8')) as { train: object };
  const changed = (train: object): void => {
    writeFileSync(at('changed.json'), JSON.stringify({ ...plan, train: { ...plan.train, ...train } }));
  };
  const shared = ['--seeds', '1', '--generations', '1', '--json', '--jobs', '1'];
  const earlier = JSON.parse(
    await run(...shared, '--plan', at('plan.json'), '--out', at('earlier')),
  ) as ReproductionRecord;
  // So that a baseline that was computed again would show.
  const unit = at('earlier/state/units/seed-0/ridge.json');
  writeFileSync(unit, readFileSync(unit, 'utf8').replace(/"seconds":[^,}]+/, '"seconds":12345'));
  const flags = [...shared, '--plan', at('changed.json'), '--baselines', at('earlier')];
  changed({ centreMomentum: 0.8 });
  const later = JSON.parse(await run(...flags, '--out', at('later'))) as ReproductionRecord;
  const aucs = ({ rows }: ReproductionRecord, key: string): readonly number[] | undefined =>
    rows.find((row) => row.key === key)?.aucs;
  for (const key of ['supervised', 'all-labels', 'ridge', 'distl/T0-student']) {
    expect(aucs(later, key)).toEqual(aucs(earlier, key));
  }
  expect(readFileSync(at('later/state/units/seed-0/ridge.json'), 'utf8')).toContain('"seconds":12345');
  expect(existsSync(at('later/models/seed-0/all-labels.safetensors'))).toBe(true);
  changed({ learningRate: { peak: 1e-3 } });
  await expect(run(...flags, '--out', at('other'))).rejects.toMatchObject({ code: 'REPRODUCE.OTHER_RUN' });
  changed({});
  await expect(run(...flags, '--baselines', at('none'), '--out', at('other2'))).rejects.toMatchObject({
    code: 'REPRODUCE.NO_BASELINES',
  });
});

it.each([
  [['--plan', 'bad.json'], 'REPRODUCE.PLAN_UNKNOWN_KEY'],
  [['--unseen', 'tuberculosis'], 'REPRODUCE.UNSEEN_CLASS'],
  [['--unseen', 'nothing'], 'DATASET.POSITIVE_UNKNOWN'],
  [['--positive', 'nothing'], 'DATASET.POSITIVE_UNKNOWN'],
  [['--ablate', 'all'], 'commander.invalidArgument'],
  [['--label-noise', '10,x'], 'commander.invalidArgument'],
])('%j is refused, and nothing is written', async (flags, code) => {
  writeFileSync(at('bad.json'), '{"trian": {}}');
  const given = flags.map((flag) => (flag === 'bad.json' ? at(flag) : flag));
  await expect(run(...given, '--out', at('refused'))).rejects.toMatchObject({ code });
  expect(existsSync(at('refused'))).toBe(false);
});
