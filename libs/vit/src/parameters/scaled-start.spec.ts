import { createRng } from '@fedistl/core';
import { vitPreset } from '../config/presets';
import { initialiseParameters } from './initialise';
import { scaledStart } from './scaled-start';

const config = vitPreset('mini');
const scaled = scaledStart(config, createRng(3));
const published = initialiseParameters(config, createRng(3));

// jest compares large arrays value by value, which takes a minute.
const bytes = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

function spread(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

it.each([
  ['backbone.blocks.0.attn.qkv.weight', 1 / Math.sqrt(192)],
  ['backbone.blocks.5.mlp.fc2.weight', 1 / Math.sqrt(768)],
  ['head.mlp.2.weight', 1 / Math.sqrt(512)],
  ['cls_head.mlp.2.weight', Math.sqrt(2 / 64)],
  ['backbone.patch_embed.proj.weight', 4 / Math.sqrt(64)],
])('%s has the spread of its fan-in', (name, expected) => {
  expect(spread(scaled.get(name)!)).toBeCloseTo(expected, 2);
  expect(Math.abs(spread(scaled.get(name)!) / expected - 1)).toBeLessThan(0.05);
});

it('an image of the mean grey level leaves the patch embedding with its published bias alone', () => {
  const kernel = scaled.get('backbone.patch_embed.proj.weight')!;
  const bias = scaled.get('backbone.patch_embed.proj.bias')!;
  const before = published.get('backbone.patch_embed.proj.bias')!;
  for (let row = 0; row < bias.length; row++) {
    const grey = kernel.subarray(row * 64, (row + 1) * 64).reduce((sum, value) => sum + 0.5 * value, 0);
    expect(grey + bias[row]!).toBeCloseTo(before[row]!, 4);
  }
});

it('leaves tokens, norms, biases and prototypes as published, and is the same for the same seed', () => {
  for (const [name, values] of published) {
    if (name.endsWith('.weight') && !name.includes('norm') && values.length > config.embedDim) continue;
    if (name === 'backbone.patch_embed.proj.bias' || name === 'cls_head.mlp.4.weight') continue;
    expect([name, bytes(scaled.get(name)!).equals(bytes(values))]).toEqual([name, true]);
  }
  for (const [name, values] of scaledStart(config, createRng(3))) {
    expect([name, bytes(scaled.get(name)!).equals(bytes(values))]).toEqual([name, true]);
  }
});
