import { normalQuantile, type Rng } from '@fedistl/core';
import { type VitConfig } from '../config/vit-config';
import { type ParameterSpec, vitParameters } from './parameter-list';

/**
 * Starting values of one parameter. Each parameter draws from the stream of its own name, so its values depend on the seed
 * and the name alone, not on what else the network has.
 */
export function initialiseParameter({ name, shape, start }: ParameterSpec, rng: Rng): Float32Array {
  const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
  switch (start.kind) {
    case 'constant':
      return values.fill(start.value);
    case 'uniform':
      return spread(rng.stream(name).fillUniform(values), start.bound);
    case 'truncated-normal':
      return fillNormal(values, rng.stream(name), start.std);
  }
}

/** Starting values of the whole network in checkpoint order (distl.md 1.2). */
export function initialiseParameters(config: VitConfig, rng: Rng): Map<string, Float32Array> {
  return new Map(vitParameters(config).map((spec) => [spec.name, initialiseParameter(spec, rng)]));
}

/** Stretches values of 0..1 to -bound..bound. */
function spread(values: Float32Array, bound: number): Float32Array {
  for (let index = 0; index < values.length; index += 1) values[index] = (2 * (values[index] ?? 0) - 1) * bound;
  return values;
}

/**
 * Normal values by inversion of one 32-bit word each, some ten times faster than a call a value. Their range, 6.3 standard
 * deviations, lies within the +-2 absolute at which DINO's initialiser cuts (std 0.02: never), so no cut is needed.
 */
function fillNormal(values: Float32Array, stream: Rng, std: number): Float32Array {
  const words = stream.fillUint32(new Uint32Array(values.length));
  for (let index = 0; index < values.length; index += 1) {
    values[index] = std * normalQuantile(((words[index] ?? 0) + 0.5) / 2 ** 32);
  }
  return values;
}
