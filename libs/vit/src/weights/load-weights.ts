import { type Rng, toFloat32 } from '@fedistl/core';
import { type VitConfig } from '../config/vit-config';
import { initialiseParameter } from '../parameters/initialise';
import { vitParameters } from '../parameters/parameter-list';
import { WeightsError } from '../vit.errors';
import { type CheckpointLayout, nameCheckpoint } from './checkpoint-names';
import { convertChannels } from './convert-channels';
import { type Allowances, matchWeights } from './match-weights';
import { type WeightSource } from './weight-source';

export interface LoadOptions {
  readonly allowed?: Allowances;
  /** Fills allowed missing tensors with their starting values; without one they are left out of the result. */
  readonly rng?: Rng | undefined;
}

export interface LoadedWeights {
  readonly layout: CheckpointLayout;
  /** Values by this library's names, in checkpoint order. */
  readonly values: Map<string, Float32Array>;
  /** Tensors that were not in the file and got starting values. */
  readonly initialised: readonly string[];
  /** Tensors of the file that were left out. */
  readonly ignored: readonly string[];
}

/**
 * Reads a network's weights for the model: names brought to ours, strict comparison, values as float32, the patch kernel
 * folded or spread to the model's channels.
 *
 * @throws WeightsError as `nameCheckpoint` and `matchWeights`, and `WEIGHTS.NOT_FINITE` naming a tensor with NaN or infinity
 */
export async function loadWeights(
  source: WeightSource,
  config: VitConfig,
  options: LoadOptions = {},
): Promise<LoadedWeights> {
  const checkpoint = nameCheckpoint(source);
  const parameters = vitParameters(config);
  const { extra } = matchWeights(parameters, checkpoint, options.allowed);
  const values = new Map<string, Float32Array>();
  const initialised: string[] = [];
  for (const spec of parameters) {
    const found = checkpoint.tensors.get(spec.name);
    if (found !== undefined) {
      const data = toFloat32(await source.read(found.fileName));
      checkFinite(spec.name, data);
      const kernel = { values: data, shape: found.entry.shape };
      const isKernel = spec.name === 'backbone.patch_embed.proj.weight';
      values.set(spec.name, isKernel ? convertChannels(kernel, config.inChannels) : data);
    } else if (options.rng !== undefined) {
      values.set(spec.name, initialiseParameter(spec, options.rng));
      initialised.push(spec.name);
    }
  }
  return { layout: checkpoint.layout, values, initialised, ignored: [...checkpoint.ignored, ...extra] };
}

function checkFinite(name: string, values: Float32Array): void {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new WeightsError('WEIGHTS.NOT_FINITE', `expected finite weights, tensor ${name} has NaN or infinity at ${at}`, {
    details: { name, at },
  });
}
