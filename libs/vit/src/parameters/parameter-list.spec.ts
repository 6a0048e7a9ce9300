import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createRng } from '@fedistl/core';
import { vitPreset } from '../config/presets';
import { type VitConfig } from '../config/vit-config';
import { initialiseParameters } from './initialise';
import { countParameters, vitLayout, vitParameters } from './parameter-list';

const paper = vitPreset('vit-small-8');

describe('parameters of the published network (distl.md 7.1, 7.2)', () => {
  it.each([
    ['backbone.', 21_670_272],
    ['backbone.patch_embed.', 74_112],
    ['backbone.pos_embed', 301_440],
    ['backbone.cls_token', 384],
    ['backbone.blocks.11.', 1_774_464],
    ['backbone.norm.', 768],
    ['head.', 22_352_128],
    ['head.mlp.', 5_509_376],
    ['head.last_layer.', 16_842_752],
    ['cls_head.', 164_609],
    ['', 44_187_009],
  ])('%s has %i values', (prefix, values) => {
    expect(countParameters(paper, prefix).values).toBe(values);
  });

  it.each([
    ['vit-small-16', 21_665_664],
    ['vit-tiny-8', 5_526_720],
  ])('the backbone of %s has %i values', (name, values) => {
    expect(countParameters(vitPreset(name), 'backbone.').values).toBe(values);
  });

  it('splits into the optimiser groups of the released code', () => {
    expect(countParameters(paper)).toEqual({
      values: 44_187_009,
      trainable: 44_121_473,
      decayedTensors: 58,
      decayedValues: 44_055_552,
      undecayedTensors: 105,
      undecayedValues: 65_921,
    });
  });

  it('has the names in the order of the released checkpoints', () => {
    const names = vitParameters(paper).map(({ name }) => name);
    expect(names).toHaveLength(164);
    expect(names.slice(0, 8)).toEqual([
      ...[0, 2, 4].flatMap((layer) => [`head.mlp.${layer}.weight`, `head.mlp.${layer}.bias`]),
      'head.last_layer.weight_g',
      'head.last_layer.weight_v',
    ]);
    expect(names.slice(14, 20)).toEqual([
      'backbone.cls_token',
      'backbone.pos_embed',
      'backbone.patch_embed.proj.weight',
      'backbone.patch_embed.proj.bias',
      'backbone.blocks.0.norm1.weight',
      'backbone.blocks.0.norm1.bias',
    ]);
    expect(names.slice(-2)).toEqual(['backbone.norm.weight', 'backbone.norm.bias']);
    expect(vitLayout(paper).size).toBe(44_187_009);
  });

  it('has the shapes of PyTorch for a native 256 px grid', () => {
    const file = path.resolve(__dirname, '../../../../test/fixtures/reference/vit_small_8_shapes.json');
    const shapes = (JSON.parse(readFileSync(file, 'utf8')) as { vit_small_8: Record<string, number[]> }).vit_small_8;
    const ours = vitParameters({ ...paper, imageSize: 256 })
      .filter(({ name }) => name.startsWith('backbone.'))
      .map(({ name, shape }) => [name.slice('backbone.'.length), shape]);
    expect(ours).toEqual(Object.entries(shapes));
    expect(countParameters({ ...paper, imageSize: 256 }, 'backbone.').values).toBe(21_762_432);
  });
});

describe('starting values', () => {
  // Small enough for a test, wide enough for its statistics.
  const mini: VitConfig = {
    ...vitPreset('mini', { prototypes: 64 }),
    embedDim: 48,
    dinoHead: { hiddenDim: 64, bottleneckDim: 32, outDim: 64 },
    classHead: { hiddenDim: 48, findings: 1 },
  };
  const values = initialiseParameters(mini, createRng(7));
  const spread = (name: string) => {
    const data = values.get(name)!;
    const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
    return { mean, std: Math.sqrt(data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length) };
  };

  it.each(['head.mlp.0.weight', 'backbone.pos_embed', 'backbone.blocks.3.attn.qkv.weight'])(
    '%s: normal 0.02',
    (name) => {
      expect(spread(name).std).toBeCloseTo(0.02, 3);
      expect(Math.abs(spread(name).mean)).toBeLessThan(1e-3);
    },
  );

  it.each([
    ['backbone.patch_embed.proj.weight', 64],
    ['cls_head.mlp.0.weight', 48],
    ['head.last_layer.weight_v', 32],
  ])('%s: uniform within 1/sqrt(%i)', (name, fanIn) => {
    const bound = 1 / Math.sqrt(fanIn);
    expect(values.get(name)!.every((value) => Math.abs(value) <= bound)).toBe(true);
    expect(Math.abs(spread(name).std / bound - 1 / Math.sqrt(3))).toBeLessThan(0.04);
  });

  it('biases start at 0, norms and g at 1, class head biases do not', () => {
    const all = (name: string, value: number) => values.get(name)!.every((each) => each === value);
    expect(all('backbone.blocks.0.attn.qkv.bias', 0)).toBe(true);
    expect(all('head.mlp.2.bias', 0)).toBe(true);
    expect(all('backbone.norm.weight', 1)).toBe(true);
    expect(all('head.last_layer.weight_g', 1)).toBe(true);
    expect(all('cls_head.mlp.2.bias', 0)).toBe(false);
  });

  it('depend on seed and name alone', () => {
    const deeper = initialiseParameters({ ...mini, depth: 8 }, createRng(7));
    const other = initialiseParameters(mini, createRng(8));
    expect(deeper.get('backbone.blocks.5.mlp.fc1.weight')).toEqual(values.get('backbone.blocks.5.mlp.fc1.weight'));
    expect(other.get('backbone.cls_token')).not.toEqual(values.get('backbone.cls_token'));
  });
});
