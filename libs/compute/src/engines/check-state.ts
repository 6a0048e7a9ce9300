import { ComputeError } from '../compute.errors';
import { type TensorSpec } from '../program';

/** Checks all before anything is written: a refused write changes nothing. */
export function checkStateValues(specs: readonly TensorSpec[], values: ReadonlyMap<string, Float32Array>): void {
  const sizes = new Map(specs.map(({ name, shape }) => [name, shape.reduce((product, length) => product * length, 1)]));
  for (const [name, data] of values) {
    const expected = sizes.get(name);
    if (expected === undefined) {
      throw new ComputeError('COMPUTE.STATE_MISSING', `the state holds no tensor "${name}"`);
    }
    if (data.length !== expected) {
      throw new ComputeError('COMPUTE.STATE_SHAPE', `state "${name}": expected ${expected} values, got ${data.length}`);
    }
  }
}
