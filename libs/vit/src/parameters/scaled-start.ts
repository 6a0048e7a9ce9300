import { type Rng } from '@fedistl/core';
import { type VitConfig } from '../config/vit-config';
import { initialiseParameters } from './initialise';
import { type ParameterSpec, vitParameters } from './parameter-list';

/** Grey levels of a radiograph, from 0 to 1: about this mean and spread. */
const INPUT_MEAN = 0.5;
const INPUT_SPREAD = 0.25;

const PATCH_KERNEL = 'backbone.patch_embed.proj.weight';
const PATCH_BIAS = 'backbone.patch_embed.proj.bias';

/**
 * Starting values for training from nothing. The published start (`initialiseParameters`) is made for wide networks that begin from
 * pre-trained weights: with a standard deviation of 0.02, a narrow network hardly passes its input on, and begins with hundreds
 * of steps at a loss of ln 2 (docs/benchmarks/ablations.md). Here
 *
 * - each matrix keeps the spread of what goes through it: standard deviation 1/sqrt(fan-in) (LeCun et al., Efficient BackProp,
 *   1998, section 4.6), times sqrt(2) in the class head with its ReLUs (He et al., arXiv 1502.01852, Eq. 10);
 * - the patch embedding takes grey levels as if they had mean 0 and spread 1: kernel times 4, bias less half the kernel's sum.
 *
 * The network stays the same function of its parameters, so weights of either start, or imported ones, can be mixed.
 */
export function scaledStart(config: VitConfig, rng: Rng): Map<string, Float32Array> {
  const values = initialiseParameters(config, rng);
  for (const spec of vitParameters(config)) {
    const weights = values.get(spec.name);
    const factor = enlargement(spec);
    if (weights === undefined || factor <= 1) continue;
    for (let i = 0; i < weights.length; i++) weights[i] = factor * (weights[i] ?? 0);
  }
  centreInput(values.get(PATCH_KERNEL), values.get(PATCH_BIAS));
  return values;
}

/** How much larger than published a matrix starts; 1 for all that is no matrix of a linear layer. */
function enlargement({ name, shape, start }: ParameterSpec): number {
  if (!name.endsWith('.weight') || shape.length < 2 || start.kind === 'constant') return 1;
  const fanIn = shape.slice(1).reduce((product, side) => product * side, 1);
  const published = start.kind === 'truncated-normal' ? start.std : start.bound / Math.sqrt(3);
  const gain = name.startsWith('cls_head.') ? Math.SQRT2 : 1;
  const input = name === PATCH_KERNEL ? INPUT_SPREAD : 1;
  return Math.max(1, gain / (published * Math.sqrt(fanIn))) / input;
}

/** Moves what the kernel makes of the mean grey level into the bias. */
function centreInput(kernel: Float32Array = new Float32Array(), bias: Float32Array = new Float32Array()): void {
  const length = kernel.length / bias.length;
  for (let row = 0; row < bias.length; row++) {
    const sum = kernel.subarray(row * length, (row + 1) * length).reduce((total, value) => total + value, 0);
    bias[row] = (bias[row] ?? 0) - INPUT_MEAN * sum;
  }
}
