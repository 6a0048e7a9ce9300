import { type Rng } from '@fedistl/core';
import { type VitConfig } from '../config/vit-config';
import { vitParameters, type ParameterSpec } from './parameter-list';

/**
 * Starting values of one parameter. Each parameter draws from the stream of its own name, so its values depend on the seed
 * and the name alone, not on what else the network has.
 */
export function initialiseParameter({ name, shape, start }: ParameterSpec, rng: Rng): Float32Array {
  const values = new Float32Array(shape.reduce((product, side) => product * side, 1));
  if (start.kind === 'constant') return values.fill(start.value);
  const stream = rng.stream(name);
  for (let index = 0; index < values.length; index += 1) {
    values[index] =
      start.kind === 'uniform' ? stream.uniform(-start.bound, start.bound) : truncatedNormal(stream, start.std);
  }
  return values;
}

/** Starting values of the whole network in checkpoint order (distl.md 1.2). */
export function initialiseParameters(config: VitConfig, rng: Rng): Map<string, Float32Array> {
  return new Map(vitParameters(config).map((spec) => [spec.name, initialiseParameter(spec, rng)]));
}

/** Normal values cut at +-2 absolute (not +-2 std), as DINO's initialiser does: with std 0.02 the cut never acts. */
function truncatedNormal(stream: Rng, std: number): number {
  for (;;) {
    const value = stream.normal(0, std);
    if (Math.abs(value) <= 2) return value;
  }
}
