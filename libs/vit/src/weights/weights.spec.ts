import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRng, encodeSafetensors, float32Tensor, type NamedTensor, type RandomAccessSource } from '@fedistl/core';
import { writeSafetensorsFile } from '@fedistl/core/node';
import { createEngine } from '@fedistl/compute';
import fc from 'fast-check';
import { vitPreset } from '../config/presets';
import { type VitConfig } from '../config/vit-config';
import { inferenceProgram, inferenceState } from '../model/inference-program';
import { initialiseParameters } from '../parameters/initialise';
import { vitParameters } from '../parameters/parameter-list';
import { nameCheckpoint } from './checkpoint-names';
import { chooseNetwork } from './choose-network';
import { convertChannels } from './convert-channels';
import { exportWeights } from './export-weights';
import { inferVitConfig } from './infer-config';
import { type LoadedWeights, loadWeights, type LoadOptions } from './load-weights';
import { loadVit, saveVit } from './vit-safetensors';
import { readWeightFile, withWeightFile } from './weight-file';

const fixtures = path.resolve(__dirname, '../../../../test/fixtures/checkpoints');
const expected = JSON.parse(readFileSync(path.join(fixtures, 'expected.json'), 'utf8')) as {
  networks: Record<string, { features: number[]; classes: number[] }>;
};
const config: VitConfig = {
  ...vitPreset('mini'),
  imageSize: 16,
  patchSize: 4,
  inChannels: 3,
  embedDim: 8,
  depth: 2,
  numHeads: 2,
  dinoHead: { hiddenDim: 16, bottleneckDim: 6, outDim: 12 },
  classHead: { hiddenDim: 5, findings: 1 },
};
const heads = ['head.', 'cls_head.'];
const images = Float32Array.from({ length: 2 * 3 * 256 }, (_, i) => 0.5 + 0.5 * Math.sin(0.05 * i + 0.1));

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'fedistl-vit-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const load = (file: string, options: LoadOptions = {}, network?: string, model = config): Promise<LoadedWeights> =>
  withWeightFile(path.isAbsolute(file) ? file : path.join(fixtures, file), {}, (opened) =>
    loadWeights(chooseNetwork(opened, network).source, model, options),
  );

/** Features and class logits of the test images by the engine that products run on. */
async function forward(values: ReadonlyMap<string, Float32Array>, model = config, input = images) {
  const engine = await createEngine({ engine: 'onnxruntime' });
  const state = await engine.createState(inferenceState(model));
  await state.write(new Map(inferenceState(model).map(({ name }) => [name, values.get(name)!])));
  const executable = await engine.compile(inferenceProgram(model, { batch: 2 }), state);
  const outputs = await executable.run({ images: input });
  await executable.dispose();
  await state.dispose();
  await engine.dispose();
  return { features: [...outputs.get('features')!.data], classes: [...outputs.get('logits')!.data] };
}

function expectClose(actual: readonly number[], wanted: readonly number[]): void {
  expect(actual).toHaveLength(wanted.length);
  actual.forEach((value, at) => {
    expect(Math.abs(value - wanted[at]!)).toBeLessThan(1e-5);
  });
}

describe('checkpoints that PyTorch wrote', () => {
  it.each([undefined, 'student', 'teacher'])('DISTL, network %s: the outputs that PyTorch has', async (network) => {
    const { values, layout, ignored } = await load('distl.pth', {}, network);
    expect({ layout, ignored }).toEqual({ layout: 'distl', ignored: [] });
    const outputs = await forward(values);
    expectClose(outputs.features, expected.networks[network ?? 'student']!.features);
    expectClose(outputs.classes, expected.networks[network ?? 'student']!.classes);
  });

  it.each(['dino.pth', 'dino-legacy.pth', 'dino-deflated.pth', 'lightning.ckpt'])('backbone of %s', async (file) => {
    const distl = await load('distl.pth');
    const { values, initialised, layout } = await load(file, { allowed: { missing: heads }, rng: createRng(1) });
    expect(layout).toBe('dino');
    expect(initialised).toHaveLength(14);
    for (const [name, data] of values) {
      if (name.startsWith('backbone.')) expect({ name, data }).toEqual({ name, data: distl.values.get(name) });
    }
    expectClose((await forward(values)).features, expected.networks['student']!.features);
  });

  it('timm in half precision, its classifier left out', async () => {
    const { values, layout, ignored } = await load('timm-half.pth', { allowed: { missing: heads } });
    expect({ layout, ignored }).toEqual({ layout: 'timm', ignored: ['head.weight', 'head.bias'] });
    const exact = (await load('distl.pth')).values.get('backbone.blocks.1.mlp.fc2.weight')!;
    values.get('backbone.blocks.1.mlp.fc2.weight')!.forEach((value, at) => {
      expect(Math.abs(value - exact[at]!)).toBeLessThan(2 ** -12);
    });
    expect(values.has('cls_head.mlp.0.weight')).toBe(false);
  });

  it('tells the model from the shapes', async () => {
    const inferred = await withWeightFile(path.join(fixtures, 'distl.pth'), {}, (file) =>
      Promise.resolve(inferVitConfig(nameCheckpoint(chooseNetwork(file).source), { numHeads: 2, dropPathRate: 0.1 })),
    );
    expect(inferred).toEqual(config);
  });

  it('groups tensors by the key that holds them', async () => {
    const keys = await withWeightFile(path.join(fixtures, 'distl.pth'), {}, ({ groups }) =>
      Promise.resolve([...groups.keys()]),
    );
    expect(keys).toEqual(['student', 'teacher', 'dino_loss']);
  });

  it.each(['dino_loss', 'generator'])('refuses %s as a network', async (network) => {
    await expect(load('distl.pth', {}, network)).rejects.toMatchObject({
      code: 'WEIGHTS.NETWORK',
      details: { networks: ['student', 'teacher'] },
    });
  });
});

describe('strict loading', () => {
  const full = (): Map<string, NamedTensor> =>
    new Map(
      [...initialiseParameters(config, createRng(2))].map(([name, data]) => {
        const { shape } = vitParameters(config).find((spec) => spec.name === name)!;
        return [name, float32Tensor(name, shape, data)];
      }),
    );
  const loadTensors = async (tensors: ReadonlyMap<string, NamedTensor>, options: LoadOptions = {}) => {
    const bytes = encodeSafetensors(tensors.values());
    const source: RandomAccessSource = {
      size: bytes.length,
      read: (offset, length) => Promise.resolve(bytes.slice(offset, offset + length)),
    };
    const file = await readWeightFile(source);
    return loadWeights(chooseNetwork(file).source, config, options);
  };
  const without = (name: string) => {
    const tensors = full();
    tensors.delete(name);
    return tensors;
  };
  const withTensor = (name: string, shape: readonly number[], value = 0) => {
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value);
    return full().set(name, float32Tensor(name, shape, data));
  };

  it('names missing tensors', async () => {
    await expect(loadTensors(without('backbone.norm.bias'))).rejects.toMatchObject({
      code: 'WEIGHTS.MISSING',
      details: { tensors: ['backbone.norm.bias'] },
    });
  });

  it('names extra tensors, unless allowed', async () => {
    const tensors = withTensor('backbone.reg_token', [1, 4, 8]);
    await expect(loadTensors(tensors)).rejects.toMatchObject({
      code: 'WEIGHTS.EXTRA',
      details: { tensors: ['backbone.reg_token'] },
    });
    const { ignored } = await loadTensors(tensors, { allowed: { extra: ['backbone.reg_'] } });
    expect(ignored).toEqual(['backbone.reg_token']);
  });

  it.each([
    ['backbone.pos_embed', [1, 26, 8]],
    ['backbone.patch_embed.proj.weight', [8, 2, 4, 4]],
    ['backbone.patch_embed.proj.weight', [8, 1, 4, 5]],
    ['cls_head.mlp.4.weight', [2, 5]],
  ])('names misshaped tensors: %s %j', async (name, shape) => {
    await expect(loadTensors(withTensor(name, shape))).rejects.toMatchObject({ code: 'WEIGHTS.SHAPE' });
  });

  it.each([NaN, Infinity])('refuses %s', async (value) => {
    await expect(loadTensors(withTensor('backbone.norm.bias', [8], value))).rejects.toMatchObject({
      code: 'WEIGHTS.NOT_FINITE',
      details: { name: 'backbone.norm.bias', at: 0 },
    });
  });

  it('refuses two tensors that stand for one', async () => {
    await expect(loadTensors(withTensor('module.backbone.norm.bias', [8]))).rejects.toMatchObject({
      code: 'WEIGHTS.AMBIGUOUS',
    });
  });

  it('refuses an empty file', async () => {
    await expect(loadTensors(new Map())).rejects.toMatchObject({ code: 'WEIGHTS.EMPTY' });
  });

  it('takes the names that newer PyTorch gives to the weight norm', async () => {
    const tensors = full();
    for (const [old, name] of [
      ['weight_g', 'parametrizations.weight.original0'],
      ['weight_v', 'parametrizations.weight.original1'],
    ]) {
      const tensor = tensors.get(`head.last_layer.${old!}`)!;
      tensors.delete(tensor.name);
      tensors.set(`head.last_layer.${name!}`, { ...tensor, name: `head.last_layer.${name!}` });
    }
    const { values } = await loadTensors(tensors);
    expect(values.get('head.last_layer.weight_v')).toEqual(full().get('head.last_layer.weight_v')!.data);
  });
});

describe('channels', () => {
  it('fold exactly: a spread kernel folds back to the same bits', () => {
    fc.assert(
      fc.property(fc.float32Array({ minLength: 4, maxLength: 4, noNaN: true, noDefaultInfinity: true }), (values) => {
        const spread = convertChannels({ values, shape: [1, 1, 2, 2] }, 3);
        expect(convertChannels({ values: spread, shape: [1, 3, 2, 2] }, 1)).toEqual(values.map((value) => value + 0));
      }),
      { numRuns: 300 },
    );
  });

  it('a checkpoint of three channels gives one-channel grey images the same output', async () => {
    const one: VitConfig = { ...config, inChannels: 1 };
    const grey = images.slice(0, 512);
    const tripled = Float32Array.from({ length: 1536 }, (_, i) => grey[Math.floor(i / 768) * 256 + (i % 256)]!);
    const three = await forward((await load('distl.pth')).values, config, tripled);
    const folded = await forward((await load('distl.pth', {}, undefined, one)).values, one, grey);
    expectClose(folded.features, three.features);
  });
});

describe('writing', () => {
  const model = async () => ({ config, values: (await load('distl.pth')).values });

  it('safetensors with the model description', async () => {
    const file = path.join(directory, 'model.safetensors');
    const written = await model();
    await saveVit(file, written, { origin: 'test' });
    const read = await loadVit(file);
    expect(read.config).toEqual(config);
    expect([...read.values]).toEqual([...written.values]);
  });

  it('refuses values that are not the model, and files without a description', async () => {
    const file = path.join(directory, 'foreign.safetensors');
    await expect(saveVit(file, { config, values: new Map() })).rejects.toMatchObject({ code: 'WEIGHTS.MISSING' });
    const [name, data] = [...(await model()).values][0]!;
    await writeSafetensorsFile(file, [float32Tensor(name, [16, 8], data)]);
    await expect(loadVit(file)).rejects.toMatchObject({ code: 'WEIGHTS.NO_CONFIG' });
  });

  it.each(['pth', 'dino', 'timm'] as const)('format %s comes back to the bit', async (format) => {
    const file = path.join(directory, `${format}.pth`);
    const written = await model();
    await exportWeights(file, written, { format });
    const { values } = await load(file, { allowed: format === 'pth' ? {} : { missing: heads } });
    for (const [name, data] of values) expect({ name, data }).toEqual({ name, data: written.values.get(name) });
    expect(values.size).toBe(format === 'pth' ? 44 : 30);
  });

  it('a teacher of its own, and one channel spread to three', async () => {
    const one: VitConfig = { ...config, inChannels: 1 };
    const [student, teacher] = [
      (await load('distl.pth', {}, 'student', one)).values,
      (await load('distl.pth', {}, 'teacher', one)).values,
    ];
    const file = path.join(directory, 'both.pth');
    await exportWeights(
      file,
      { config: one, values: student },
      { format: 'pth', teacher: { config: one, values: teacher } },
    );
    expect([...(await load(file, {}, 'teacher', one)).values]).toEqual([...teacher]);
    expect([...(await load(file, {}, 'student', one)).values]).toEqual([...student]);
    expect((await load(file)).values.get('backbone.patch_embed.proj.weight')).toHaveLength(8 * 3 * 16);
  });

  it('refuses two networks as safetensors, and a teacher for a backbone', async () => {
    const written = await model();
    const to = (name: string) => path.join(directory, name);
    await expect(exportWeights(to('a.safetensors'), written, { format: 'pth' })).rejects.toMatchObject({
      code: 'WEIGHTS.EXPORT',
    });
    await expect(exportWeights(to('b.pth'), written, { format: 'dino', teacher: written })).rejects.toMatchObject({
      code: 'WEIGHTS.EXPORT',
    });
  });
});
