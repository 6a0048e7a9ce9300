import { createLayout, type TensorLayout } from '@fedistl/core';
import { baseGrid, mlpDim, type VitConfig } from '../config/vit-config';

/** How a parameter starts (distl.md 1.2): DINO's truncated normal, PyTorch's default uniform, or a constant. */
export type ParameterStart =
  | { readonly kind: 'truncated-normal'; readonly std: number }
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'constant'; readonly value: number };

/** One tensor of the network, named as in the released DISTL checkpoints. */
export interface ParameterSpec {
  readonly name: string;
  readonly shape: readonly number[];
  /** False for the weight-norm gain g of the DINO head, which stays 1. */
  readonly trainable: boolean;
  /** AdamW's decay group: trainable, at least two dimensions, not a bias (so class token and positions are decayed). */
  readonly decayed: boolean;
  readonly start: ParameterStart;
}

const ones: ParameterStart = { kind: 'constant', value: 1 };
const zeros: ParameterStart = { kind: 'constant', value: 0 };
const normal: ParameterStart = { kind: 'truncated-normal', std: 0.02 };

/**
 * All parameters in the order of the released checkpoints: DINO head, class head, backbone.
 * The order is part of the wire format: flat updates are laid out by it.
 */
export function vitParameters(config: VitConfig): readonly ParameterSpec[] {
  return [...dinoHeadParameters(config), ...classHeadParameters(config), ...backboneParameters(config)];
}

/** The same list as a layout of one flat Float32Array. */
export function vitLayout(config: VitConfig): TensorLayout {
  return createLayout(vitParameters(config).map(({ name, shape }) => ({ name, shape })));
}

/** Number of values, of trainable ones, and of tensors in AdamW's two groups. */
export interface ParameterCounts {
  readonly values: number;
  readonly trainable: number;
  readonly decayedTensors: number;
  readonly decayedValues: number;
  readonly undecayedTensors: number;
  readonly undecayedValues: number;
}

/** Counts over the parameters whose name starts with `prefix` (all when empty). */
export function countParameters(config: VitConfig, prefix = ''): ParameterCounts {
  const counts = {
    values: 0,
    trainable: 0,
    decayedTensors: 0,
    decayedValues: 0,
    undecayedTensors: 0,
    undecayedValues: 0,
  };
  for (const { name, shape, trainable, decayed } of vitParameters(config)) {
    if (!name.startsWith(prefix)) continue;
    const values = shape.reduce((product, side) => product * side, 1);
    counts.values += values;
    if (!trainable) continue;
    counts.trainable += values;
    counts[decayed ? 'decayedTensors' : 'undecayedTensors'] += 1;
    counts[decayed ? 'decayedValues' : 'undecayedValues'] += values;
  }
  return counts;
}

function dinoHeadParameters({ embedDim, dinoHead }: VitConfig): readonly ParameterSpec[] {
  const { hiddenDim, bottleneckDim, outDim } = dinoHead;
  return [
    ...linearLayer('head.mlp.0', embedDim, hiddenDim),
    ...linearLayer('head.mlp.2', hiddenDim, hiddenDim),
    ...linearLayer('head.mlp.4', hiddenDim, bottleneckDim),
    { ...parameter('head.last_layer.weight_g', [outDim, 1], ones), trainable: false, decayed: false },
    parameter('head.last_layer.weight_v', [outDim, bottleneckDim], fanIn(bottleneckDim)),
  ];
}

function classHeadParameters({ embedDim, classHead }: VitConfig): readonly ParameterSpec[] {
  const { hiddenDim, findings } = classHead;
  const layer = (name: string, from: number, to: number) => linearLayer(name, from, to, fanIn(from), fanIn(from));
  return [
    ...layer('cls_head.mlp.0', embedDim, hiddenDim),
    ...layer('cls_head.mlp.2', hiddenDim, hiddenDim),
    ...layer('cls_head.mlp.4', hiddenDim, findings),
  ];
}

function backboneParameters(config: VitConfig): readonly ParameterSpec[] {
  const { embedDim, patchSize, inChannels, depth } = config;
  const patchValues = inChannels * patchSize * patchSize;
  const start = fanIn(patchValues);
  const blocks = Array.from({ length: depth }, (_, index) => blockParameters(config, `backbone.blocks.${index}`));
  return [
    parameter('backbone.cls_token', [1, 1, embedDim], normal),
    parameter('backbone.pos_embed', [1, baseGrid(config) ** 2 + 1, embedDim], normal),
    parameter('backbone.patch_embed.proj.weight', [embedDim, inChannels, patchSize, patchSize], start),
    parameter('backbone.patch_embed.proj.bias', [embedDim], start),
    ...blocks.flat(),
    ...normLayer('backbone.norm', embedDim),
  ];
}

function blockParameters(config: VitConfig, name: string): readonly ParameterSpec[] {
  const { embedDim } = config;
  const hidden = mlpDim(config);
  return [
    ...normLayer(`${name}.norm1`, embedDim),
    ...linearLayer(`${name}.attn.qkv`, embedDim, 3 * embedDim),
    ...linearLayer(`${name}.attn.proj`, embedDim, embedDim),
    ...normLayer(`${name}.norm2`, embedDim),
    ...linearLayer(`${name}.mlp.fc1`, embedDim, hidden),
    ...linearLayer(`${name}.mlp.fc2`, hidden, embedDim),
  ];
}

function linearLayer(name: string, from: number, to: number, weight = normal, bias = zeros): readonly ParameterSpec[] {
  return [parameter(`${name}.weight`, [to, from], weight), parameter(`${name}.bias`, [to], bias)];
}

function normLayer(name: string, width: number): readonly ParameterSpec[] {
  return [parameter(`${name}.weight`, [width], ones), parameter(`${name}.bias`, [width], zeros)];
}

function parameter(name: string, shape: readonly number[], start: ParameterStart): ParameterSpec {
  return { name, shape, trainable: true, decayed: shape.length >= 2 && !name.endsWith('.bias'), start };
}

/** PyTorch's default for Linear and Conv2d: uniform within 1/sqrt(fan-in), weights and biases alike. */
function fanIn(inputs: number): ParameterStart {
  return { kind: 'uniform', bound: 1 / Math.sqrt(inputs) };
}
