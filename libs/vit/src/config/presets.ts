import { VitError } from '../vit.errors';
import { parseVitConfig } from './check-config';
import { type VitConfig } from './vit-config';

const block = { mlpRatio: 4, layerNormEps: 1e-6 } as const;
const paperHeads = {
  dinoHead: { hiddenDim: 2048, bottleneckDim: 256, outDim: 65_536 },
  classHead: { hiddenDim: 256, findings: 1 },
} as const;

/** Ready-made networks by name. `vit-small-8` is the published DISTL network: 224 px position grid, ViT-S/8, K = 65,536. */
const presets = {
  'vit-small-8': {
    ...block,
    ...paperHeads,
    imageSize: 224,
    patchSize: 8,
    inChannels: 3,
    embedDim: 384,
    depth: 12,
    numHeads: 6,
    dropPathRate: 0.1,
  },
  'vit-small-16': {
    ...block,
    ...paperHeads,
    imageSize: 224,
    patchSize: 16,
    inChannels: 3,
    embedDim: 384,
    depth: 12,
    numHeads: 6,
    dropPathRate: 0.1,
  },
  'vit-base-16': {
    ...block,
    ...paperHeads,
    imageSize: 224,
    patchSize: 16,
    inChannels: 3,
    embedDim: 768,
    depth: 12,
    numHeads: 12,
    dropPathRate: 0.1,
  },
  // Small data needs far fewer prototypes than ImageNet: the small presets cut the last layer, a third of the traffic.
  'vit-tiny-8': {
    ...block,
    imageSize: 224,
    patchSize: 8,
    inChannels: 3,
    embedDim: 192,
    depth: 12,
    numHeads: 3,
    dropPathRate: 0.1,
    dinoHead: { hiddenDim: 1024, bottleneckDim: 256, outDim: 4096 },
    classHead: { hiddenDim: 256, findings: 1 },
  },
  mini: {
    ...block,
    imageSize: 64,
    patchSize: 8,
    inChannels: 1,
    embedDim: 192,
    depth: 6,
    numHeads: 3,
    dropPathRate: 0.1,
    dinoHead: { hiddenDim: 512, bottleneckDim: 128, outDim: 1024 },
    classHead: { hiddenDim: 64, findings: 1 },
  },
} as const satisfies Record<string, VitConfig>;

export type VitPresetName = keyof typeof presets;

/** What may differ from a preset without making it another network. */
export interface PresetChanges {
  readonly inChannels?: 1 | 3;
  readonly findings?: number;
  readonly prototypes?: number;
  readonly dropPathRate?: number;
}

export const vitPresetNames = Object.keys(presets) as readonly VitPresetName[];

/**
 * The network of a preset.
 *
 * @throws VitError `VIT.PRESET_UNKNOWN` with the names that exist; `VIT.CONFIG_INVALID` for a change out of range.
 */
export function vitPreset(name: string, changes: PresetChanges = {}): VitConfig {
  if (!isPresetName(name)) {
    throw new VitError('VIT.PRESET_UNKNOWN', `expected one of ${vitPresetNames.join(', ')}, got ${name}`, {
      details: { name },
    });
  }
  const preset = presets[name];
  return parseVitConfig({
    ...preset,
    inChannels: changes.inChannels ?? preset.inChannels,
    dropPathRate: changes.dropPathRate ?? preset.dropPathRate,
    dinoHead: { ...preset.dinoHead, outDim: changes.prototypes ?? preset.dinoHead.outDim },
    classHead: { ...preset.classHead, findings: changes.findings ?? preset.classHead.findings },
  });
}

function isPresetName(name: string): name is VitPresetName {
  return Object.hasOwn(presets, name);
}
