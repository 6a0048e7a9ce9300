import { VitError } from '../vit.errors';
import { parseVitConfig } from './check-config';
import { vitPreset, vitPresetNames } from './presets';

const mini = vitPreset('mini');

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof VitError) return error.code;
    throw error;
  }
  return 'none';
}

describe('model description', () => {
  it.each(vitPresetNames)('preset %s survives JSON', (name) => {
    expect(parseVitConfig(JSON.parse(JSON.stringify(vitPreset(name))))).toEqual(vitPreset(name));
  });

  it('changes a preset only where asked', () => {
    const changed = vitPreset('vit-small-8', { inChannels: 1, findings: 14, prototypes: 4096, dropPathRate: 0 });
    expect(changed).toMatchObject({ inChannels: 1, dropPathRate: 0, embedDim: 384 });
    expect(changed.classHead.findings).toBe(14);
    expect(changed.dinoHead).toEqual({ hiddenDim: 2048, bottleneckDim: 256, outDim: 4096 });
  });

  it.each([
    ['VIT.CONFIG_IMAGE_SIZE', { imageSize: 65 }],
    ['VIT.CONFIG_HEADS', { numHeads: 5 }],
    ['VIT.CONFIG_INVALID', { inChannels: 2 }],
    ['VIT.CONFIG_INVALID', { depth: 0 }],
    ['VIT.CONFIG_INVALID', { depth: 1.5 }],
    ['VIT.CONFIG_INVALID', { depth: '6' }],
    ['VIT.CONFIG_INVALID', { dropPathRate: 1 }],
    ['VIT.CONFIG_INVALID', { layerNormEps: NaN }],
    ['VIT.CONFIG_INVALID', { mlpRatio: 0.3333 }],
    ['VIT.CONFIG_INVALID', { dinoHead: null }],
    ['VIT.CONFIG_INVALID', { classHead: { hiddenDim: 4, findings: 0 } }],
    ['VIT.CONFIG_INVALID', { classHead: { hiddenDim: 4, findings: 1, bias: true } }],
    ['VIT.CONFIG_INVALID', { dropout: 0.1 }],
  ])('%s for %j', (code, change) => {
    expect(codeOf(() => parseVitConfig({ ...mini, ...change }))).toBe(code);
  });

  it.each([null, 3, 'mini', [], undefined])('refuses %j as a description', (value) => {
    expect(codeOf(() => parseVitConfig(value))).toBe('VIT.CONFIG_INVALID');
  });

  it.each(['vit-huge', 'toString', '__proto__'])('refuses preset %s', (name) => {
    expect(codeOf(() => vitPreset(name))).toBe('VIT.PRESET_UNKNOWN');
  });
});
