import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createEngine, type Engine } from '@fedistl/compute';
import { createRng } from '@fedistl/core';
import { DataSet, importDataSet, MINI_VIEWS, type PixelSpec, writePhantoms } from '@fedistl/imaging';
import { initialiseParameters, saveVit, type VitConfig, vitPreset } from '@fedistl/vit';
import { pipelineScores } from './testing/pipeline-scores';
import { explainImage } from './explain-image';
import { imagesOf } from './images-of';
import { labelledCases } from './labelled-cases';
import { openModel, type OpenModel } from './open-model';
import { type Preprocessing, preprocessingNote } from './preprocessing';
import { scoreSource } from './score-cases';
import { Scorer, type ScorerOptions } from './scorer';

const directory = mkdtempSync(path.join(tmpdir(), 'fedistl-scorer-'));
const at = (name: string): string => path.join(directory, name);
const pixels: PixelSpec = { size: 64, bits: 8, fit: 'squash', mode: 'clinical' };
const preprocessing: Preprocessing = { pixels, size: 64, resize: 'fast', blurRadius: 0 };
const small: VitConfig = { ...vitPreset('mini'), embedDim: 48, depth: 2 };

let engine: Engine;
let dataSet: DataSet;

async function model(config: VitConfig, note: Readonly<Record<string, string>> = {}): Promise<OpenModel> {
  const file = at('model.safetensors');
  await saveVit(file, { config, values: initialiseParameters(config, createRng(3)) }, note);
  return openModel(file);
}

async function scores(options: Partial<ScorerOptions> & Pick<ScorerOptions, 'model'>): Promise<Float64Array> {
  const scorer = await Scorer.open({ engine, preprocessing, ...options });
  try {
    return await scoreSource(scorer, dataSet.select().viewSource());
  } finally {
    await scorer.dispose();
  }
}

beforeAll(async () => {
  const phantoms = { count: 21, size: 64, sites: 2, seed: 1, task: 'tuberculosis', format: 'png' } as const;
  await writePhantoms({ folder: at('phantoms'), leastSeverity: 0.5, ...phantoms });
  await importDataSet({ dataDirectory: at('data'), name: 'ph', source: at('phantoms'), pixels: { size: 64 } });
  dataSet = DataSet.open({ dataDirectory: at('data'), name: 'ph' });
  engine = await createEngine({ engine: 'onnxruntime', threads: 1 });
});
afterAll(async () => {
  await engine.dispose();
  dataSet.close();
  rmSync(directory, { recursive: true });
});

describe('Scorer', () => {
  it("gives the trainer's own scores, whatever the batch", async () => {
    const opened = await model(small);
    const own = await pipelineScores(engine, opened.weights, dataSet.select(), MINI_VIEWS);
    expect(own).toHaveLength(21);
    expect(new Set(own).size).toBe(21);
    for (const batch of [1, 7, 16, 32]) {
      const got = await scores({ model: opened, batch });
      got.forEach((score, i) => {
        expect(score).toBeCloseTo(own[i]!, 6);
      });
    }
  });

  it('takes models of three channels', async () => {
    const got = await scores({ model: await model({ ...small, inChannels: 3 }) });
    expect(got.every((score) => score > 0 && score < 1)).toBe(true);
  });

  it('blurs the input only when told to', async () => {
    const opened = await model(small);
    const sharp = await scores({ model: opened });
    const blurred = await scores({ model: opened, preprocessing: { ...preprocessing, blurRadius: 0.5 } });
    expect(blurred.some((score, i) => Math.abs(score - sharp[i]!) > 1e-5)).toBe(true);
  });

  it('asks which finding of several, and refuses one that is not there', async () => {
    const several = await model({ ...small, classHead: { hiddenDim: 64, findings: 3 } });
    const refused = expect.objectContaining({ code: 'INFERENCE.FINDING' }) as Error;
    await expect(scores({ model: several })).rejects.toThrow(refused);
    await expect(scores({ model: several, finding: 3 })).rejects.toThrow(refused);
    const [first, last] = [await scores({ model: several, finding: 0 }), await scores({ model: several, finding: 2 })];
    expect(first).not.toEqual(last);
  });

  it('refuses a model whose answers are no numbers', async () => {
    const opened = await model(small);
    opened.weights.values.get('cls_head.mlp.4.bias')?.fill(NaN);
    await expect(scores({ model: opened })).rejects.toThrow(
      expect.objectContaining({ code: 'INFERENCE.NOT_FINITE' }) as Error,
    );
  });
});

describe('openModel', () => {
  it('reads a foreign checkpoint and says what it is', async () => {
    const opened = await openModel(path.join(__dirname, '../../../../test/fixtures/checkpoints/distl.pth'), {
      numHeads: 2,
    });
    expect(opened).toMatchObject({ role: 'student', generation: null, preprocessing: undefined });
    expect(opened.name).toBe(`model ${opened.sha256.slice(0, 8)}`);
    expect(opened.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('takes name and preprocessing from what the trainer noted', async () => {
    const opened = await model(small, { role: 'teacher', generation: '2', ...preprocessingNote(preprocessing) });
    expect(opened).toMatchObject({ name: 'T = 2, teacher', role: 'teacher', generation: 2, preprocessing });
  });

  it('refuses a bare backbone, whose class head would be made up', async () => {
    const dino = path.join(__dirname, '../../../../test/fixtures/checkpoints/dino.pth');
    await expect(openModel(dino, { numHeads: 2 })).rejects.toThrow(
      expect.objectContaining({ code: 'INFERENCE.NO_CLASS_HEAD' }) as Error,
    );
  });
});

describe('labelledCases', () => {
  it('has a fingerprint of images, labels and finding, and no patient in it', () => {
    const cases = labelledCases(dataSet, 'train');
    expect(cases.fingerprint).toBe(labelledCases(dataSet, 'train').fingerprint);
    const other = DataSet.open({ dataDirectory: at('data'), name: 'ph', positive: 'normal' });
    expect(labelledCases(other, 'train').fingerprint).not.toBe(cases.fingerprint);
    other.close();
  });

  it('refuses a split without labels or of one class', async () => {
    await importDataSet({
      dataDirectory: at('data'),
      name: 'bare',
      source: at('phantoms/site-1/images'),
      settings: {},
    });
    const bare = DataSet.open({ dataDirectory: at('data'), name: 'bare' });
    expect(() => labelledCases(bare, 'test')).toThrow(
      expect.objectContaining({ code: 'DATASET.POSITIVE_REQUIRED' }) as Error,
    );
    bare.close();
  });
});

it('explains an image by maps of all heads, at its size, each from 0 to 1', async () => {
  const opened = await model(small);
  const [image] = await first(imagesOf(dataSet.select().viewSource()));
  const explanation = await explainImage(image!, { engine, model: opened, preprocessing });
  const { maps, patches, shares, input } = explanation;
  expect([maps.heads, maps.rows, maps.columns, patches.rows, input.width]).toEqual([3, 64, 64, 8, 64]);
  expect(shares.every((share) => share > 0 && share < 1)).toBe(true);
  for (let head = 0; head < 3; head++) {
    const map = maps.values.subarray(head * 4096, (head + 1) * 4096);
    expect([Math.min(...map), Math.max(...map)]).toEqual([0, 1]);
  }
  const [probability] = await scores({ model: opened });
  expect(explanation.probability).toBeCloseTo(probability!, 6);
});

async function first<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  for await (const item of items) return [item];
  return [];
}
