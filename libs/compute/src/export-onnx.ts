import { type EncodeOptions, encodeOnnx } from './onnx/encode';
import { ComputeError } from './compute.errors';
import { type Program, type TensorSpec } from './program';
import { record } from './trace/record';

/**
 * A forward program as a standalone ONNX file: inputs and outputs by name, the state's numbers inside.
 *
 * @param state values of every state tensor that the program reads
 */
export function exportOnnx(
  program: Program,
  specs: readonly TensorSpec[],
  state: ReadonlyMap<string, Float32Array>,
  metadata: NonNullable<EncodeOptions['metadata']> = {},
): Uint8Array {
  const recording = record(program, specs);
  if (recording.nextState.length > 0) {
    throw new ComputeError(
      'COMPUTE.PROGRAM_INVALID',
      `program ${program.name} changes its state (${recording.nextState.length} tensors); only forward programs can be exported`,
    );
  }
  const missing = (program.state ?? []).find((name) => !state.has(name));
  if (missing !== undefined) {
    throw new ComputeError(
      'COMPUTE.STATE_MISSING',
      `no values were given for state "${missing}" of program ${program.name}`,
    );
  }
  const clash = recording.outputs.find(({ name }) => program.inputs.some((input) => input.name === name));
  if (clash !== undefined) {
    throw new ComputeError(
      'COMPUTE.PROGRAM_INVALID',
      `program ${program.name}: "${clash.name}" is an input and an output`,
    );
  }
  return encodeOnnx(recording, { state, metadata, plainOutputNames: true }).bytes;
}
