import { ComputeError } from './compute.errors';
import { type HostArray, type Program, type TensorSpec } from './program';

/** Refuses a run whose inputs are not the declared ones, have another size, or hold NaN or infinity. */
export function checkInputs(program: Program, inputs: Readonly<Record<string, HostArray>>): void {
  for (const spec of program.inputs) {
    const data = inputs[spec.name];
    if (data === undefined) {
      throw new ComputeError(
        'COMPUTE.INPUT_MISSING',
        `program ${program.name} expects input "${spec.name}", got ${list(inputs)}`,
      );
    }
    checkArray(program.name, spec, data);
  }
  const unknown = Object.keys(inputs).find((name) => !program.inputs.some((spec) => spec.name === name));
  if (unknown !== undefined) {
    const expected = program.inputs.map(({ name }) => name).join(', ');
    throw new ComputeError('COMPUTE.INPUT_UNKNOWN', `program ${program.name} has inputs ${expected}; got "${unknown}"`);
  }
}

function checkArray(program: string, { name, shape, dtype = 'float32' }: TensorSpec, data: HostArray): void {
  const size = shape.reduce((product, length) => product * length, 1);
  const got = data instanceof Float32Array ? 'float32' : 'int32';
  if (data.length !== size || got !== dtype) {
    throw new ComputeError(
      'COMPUTE.INPUT_SHAPE',
      `input "${name}" of program ${program}: expected ${size} values of ${dtype} for shape [${shape.join(', ')}], got ${data.length} of ${got}`,
      { details: { input: name, expected: size, got: data.length } },
    );
  }
  if (dtype !== 'float32') return;
  const position = firstNonFinite(data as Float32Array);
  if (position >= 0) {
    throw new ComputeError(
      'COMPUTE.INPUT_NOT_FINITE',
      `input "${name}" of program ${program}: expected finite numbers, got ${String(data[position])} at position ${position}`,
      { details: { input: name, position } },
    );
  }
}

/** Index of the first NaN or infinity, or -1. The sum over a block is finite only if every number in it is. */
export function firstNonFinite(data: Float32Array): number {
  const block = 4096;
  for (let start = 0; start < data.length; start += block) {
    const end = Math.min(start + block, data.length);
    let sum = 0;
    for (let i = start; i < end; i++) sum += data[i] as number;
    if (Number.isFinite(sum)) continue;
    for (let i = start; i < end; i++) if (!Number.isFinite(data[i])) return i;
  }
  return -1;
}

function list(inputs: Readonly<Record<string, HostArray>>): string {
  return Object.keys(inputs).join(', ') || 'none';
}
