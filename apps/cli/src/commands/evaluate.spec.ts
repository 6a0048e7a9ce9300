import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRng } from '@fedistl/core';
import { importDataSet, writePhantoms } from '@fedistl/imaging';
import { initialiseParameters, saveVit, vitPreset } from '@fedistl/vit';
import { printedBy } from '../testing/printed-by';
import { registerCompare } from './compare';
import { registerEvaluate } from './evaluate';
import { registerExplain } from './explain';
import { registerPredict } from './predict';

const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-evaluate-'));
const at = (...names: string[]): string => path.join(directory, ...names);
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);

const run = (...args: string[]): Promise<string> =>
  printedBy([registerEvaluate, registerCompare, registerExplain, registerPredict], args);

const set = ['--data', 'ph', '--data-dir', at('data')];
const fast = ['--size', '64', '--threads', '1', '--resamples', '100'];
const evaluate = (...more: string[]): Promise<string> =>
  run('evaluate', '--model', at('a.safetensors'), ...set, ...fast, ...more);

beforeAll(async () => {
  await writePhantoms({
    folder: at('phantoms'),
    count: 90,
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
    pixels: { size: 64 },
    settings: { splitShares: { train: 0.4, val: 0.2, test: 0.4 } },
  });
  const small = { ...vitPreset('mini'), embedDim: 48, depth: 2 };
  const two = { ...small, classHead: { hiddenDim: 64, findings: 2 } };
  for (const [name, config] of [
    ['a', small],
    ['b', small],
    ['two', two],
  ] as const) {
    const values = initialiseParameters(config, createRng(name));
    await saveVit(at(`${name}.safetensors`), { config, values });
  }
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('fedistl evaluate', () => {
  it('writes JSON, a page and figures, with thresholds from the validation split; no path and no patient in them', async () => {
    const printed = await evaluate('--youden', '--sensitivity', '0.8', '--out', at('report'), '--json');
    const record = JSON.parse(printed) as Record<string, Record<string, unknown>>;
    expect(record).toMatchObject({
      format: 'fedistl.evaluation/1',
      origin: { software: 'fedistl 0.0.0-test', resamples: 100 },
      model: { preprocessing: { pixels: '64-u8-squash-clinical', size: 64, blurRadius: 0, source: 'operator' } },
      data: { name: 'ph', split: 'test', positive: 'tuberculosis', unlabelled: 0 },
      statistics: {
        operatingPoints: [
          { rule: { type: 'youden' }, chosenOn: { purpose: 'validation', name: 'ph, validation split' } },
          { rule: { type: 'sensitivity', atLeast: 0.8 } },
        ],
      },
    });
    expect(JSON.parse(readFileSync(at('report', 'report.json'), 'utf8'))).toEqual(record);
    const figures = ['calibration', 'confusion', 'roc', 'scores'].flatMap((name) => [`${name}.png`, `${name}.svg`]);
    expect(readdirSync(at('report')).sort()).toEqual([...figures, 'report.html', 'report.json'].sort());
    expect(readFileSync(at('report', 'roc.png')).subarray(0, 4)).toEqual(Buffer.from(PNG));
    const html = readFileSync(at('report', 'report.html'), 'utf8');
    for (const file of [html, printed])
      expect(file).not.toMatch(/safetensors|\.png|phantoms|fedistl-evaluate-|"patients":\[/);
  });

  it('says the same for the same seed, for people', async () => {
    const text = await evaluate();
    expect(text).toMatch(/AUC {17}0\.\d{3} \(0\.\d{3} to [01]\.\d{3}\) {3}DeLong, 95 %/);
    expect(await evaluate()).toBe(text);
  });

  it('spoils images by grade, for several models', async () => {
    const more = ['--model', at('b.safetensors'), '--stress', 'blur,shift', '--grades', '1,5', '--out', at('stress')];
    const text = await evaluate(...more);
    expect(text.match(/Gaussian blur|Shift/g)).toHaveLength(4);
    expect(readdirSync(at('stress')).sort()).toEqual([
      'stress-auc.png',
      'stress-auc.svg',
      'stress.html',
      'stress.json',
    ]);
    const record = JSON.parse(readFileSync(at('stress', 'stress.json'), 'utf8')) as { cells: { grade: number }[] };
    expect(record.cells.map(({ grade }) => grade)).toEqual([0, 0, 1, 5, 1, 5, 0, 0, 1, 5, 1, 5]);
  });

  it.each([
    ['EVAL.TUNING_ON_TEST', ['--youden', '--tune-on', 'test']],
    ['EVAL.TUNING_ON_TEST', ['--youden', '--tune-on', 'val', '--split', 'val']],
    ['INFERENCE.SIZE', ['--size', '63']],
    ['INFERENCE.FINDING', ['--finding', '1']],
    ['DATASET.CACHE_MISSING', ['--pixels', '128-u8-squash-clinical']],
    ['DATASET.POSITIVE_UNKNOWN', ['--positive', 'gout']],
    ['commander.invalidArgument', ['--stress', 'smoke']],
    ['commander.error', ['--model', 'another.safetensors']],
  ])('refuses with %s for %j, and writes nothing', async (code, more) => {
    await expect(evaluate(...more, '--out', at('refused'))).rejects.toMatchObject({ code });
    expect(existsSync(at('refused'))).toBe(false);
  });

  it('asks for the input size, and which finding', async () => {
    const asked = ['evaluate', ...set, '--model'];
    await expect(run(...asked, at('a.safetensors'))).rejects.toMatchObject({ code: 'INFERENCE.PREPROCESSING_UNKNOWN' });
    await expect(run(...asked, at('two.safetensors'), '--size', '64')).rejects.toMatchObject({
      code: 'INFERENCE.FINDING',
    });
  });

  it('refuses sets without labels, and of one class', async () => {
    mkdirSync(at('plain'));
    const images = at('phantoms', 'site-1', 'images');
    for (const name of readdirSync(images).slice(0, 12))
      writeFileSync(at('plain', name), readFileSync(path.join(images, name)));
    await importDataSet({ dataDirectory: at('data'), name: 'plain', source: at('plain'), pixels: { size: 64 } });
    await expect(evaluate('--data', 'plain')).rejects.toMatchObject({ code: 'DATASET.POSITIVE_REQUIRED' });
    const rows = readdirSync(at('plain')).map((name) => `${name},test,1`);
    writeFileSync(at('one.csv'), `file,split,Effusion\n${rows.join('\n')}\n`);
    await importDataSet({
      dataDirectory: at('data'),
      name: 'one',
      source: at('plain'),
      labels: at('one.csv'),
      pixels: { size: 64 },
    });
    const one = ['--data', 'one', '--positive', 'Effusion'];
    await expect(evaluate(...one)).rejects.toMatchObject({ code: 'INFERENCE.ONE_CLASS' });
    await expect(evaluate(...one, '--split', 'train')).rejects.toMatchObject({ code: 'INFERENCE.NO_LABELS' });
  });
});

it('fedistl compare tests every two models, and needs two', async () => {
  const models = ['--model', at('a.safetensors'), '--model', at('b.safetensors'), '--name', 'same'];
  const printed = await run('compare', ...models, ...set, ...fast, '--json', '--out', at('comparison'));
  const { models: judged, pairs } = JSON.parse(printed) as {
    models: { statistics: { auc: { auc: number } } }[];
    pairs: { a: number; b: number; aucA: number; aucB: number; difference: number }[];
  };
  const [a, b] = judged.map(({ statistics }) => statistics.auc.auc);
  expect(pairs).toHaveLength(1);
  // The later model minus the earlier one: an improvement is positive.
  expect(pairs[0]).toMatchObject({ a: 1, b: 0, aucA: b, aucB: a });
  expect(pairs[0]?.difference).toBeCloseTo(b! - a!, 12);
  expect(readFileSync(at('comparison', 'comparison.html'), 'utf8')).toMatch(/ minus same</);
  expect(existsSync(at('comparison', 'comparison.html'))).toBe(true);
  await expect(run('compare', '--model', 'x', ...set)).rejects.toMatchObject({ code: 'commander.error' });
});

describe('fedistl predict', () => {
  const pixels = ['--pixels', '64-u8-squash-clinical', '--size', '64', '--threads', '1', '--workers', '1'];
  const predict = (...more: string[]): Promise<string> =>
    run('predict', at('films'), '--model', at('a.safetensors'), ...pixels, ...more);

  beforeAll(() => {
    mkdirSync(at('films', 'b'), { recursive: true });
    const images = at('phantoms', 'site-1', 'images');
    const [first, second] = readdirSync(images);
    writeFileSync(at('films', 'a, "1".png'), readFileSync(path.join(images, first!)));
    writeFileSync(at('films', 'broken.png'), readFileSync(path.join(images, first!)).subarray(0, 300));
    writeFileSync(at('films', 'b', 'two.png'), readFileSync(path.join(images, second!)));
    mkdirSync(at('empty'));
  });

  it('gives every file a probability or a reason, and exits with 0 unless strict', async () => {
    const csv = await predict();
    const lines = csv.trim().split('\n');
    expect(lines[0]).toBe('file,probability,reason,code');
    expect(lines[1]).toMatch(/^"a, ""1"".png",0\.\d{4,10},,$/);
    expect(lines[2]).toMatch(/^b\/two.png,0\.\d{4,10},,$/);
    expect(lines[3]).toMatch(/^broken.png,,unreadable,IMAGING\.[A-Z_]+$/);
    expect(lines).toHaveLength(4);
    expect(process.exitCode ?? 0).toBe(0);
    const summary = JSON.parse(await predict('--strict', '--json', '--out', at('p.csv'))) as Record<string, unknown>;
    expect(summary).toMatchObject({ files: 3, scored: 2, refused: { unreadable: 1 } });
    expect(readFileSync(at('p.csv'), 'utf8')).toBe(csv);
    expect(process.exitCode).toBe(1);
    process.exitCode = 0;
  });

  it('refuses an empty folder, and a model that does not say what its pixels are', async () => {
    const model = ['--model', at('a.safetensors'), '--size', '64'];
    await expect(run('predict', at('empty'), ...model)).rejects.toMatchObject({ code: 'DATASET.SOURCE_EMPTY' });
    await expect(run('predict', at('films'), ...model)).rejects.toMatchObject({
      code: 'INFERENCE.PREPROCESSING_UNKNOWN',
    });
  });

  it('agrees with explain, which draws a picture', async () => {
    const { predictions } = JSON.parse(await predict('--json')) as { predictions: { probability: number }[] };
    const options = ['--model', at('a.safetensors'), ...pixels.slice(0, 6), '--out', at('attention.png'), '--json'];
    const explained = JSON.parse(await run('explain', at('films', 'b', 'two.png'), ...options)) as Record<
      string,
      unknown
    >;
    expect(explained).toMatchObject({ layer: 2, heads: 3, rows: 8, columns: 8 });
    expect(explained['probability']).toBeCloseTo(predictions[1]!.probability, 6);
    expect(readFileSync(at('attention.png')).subarray(0, 4)).toEqual(Buffer.from(PNG));
    await expect(run('explain', at('films', 'broken.png'), ...options)).rejects.toMatchObject({
      code: 'INFERENCE.IMAGE_REFUSED',
    });
  });
});
