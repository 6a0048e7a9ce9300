import { ComputeError } from '../compute.errors';
import { NamedTensors, type Program, type TensorSpec } from '../program';
import { tf } from '../tf';
import { Graph } from './graph';
import { registerTraceKernels, ZERO_INPUT } from './kernels';
import { TRACE_BACKEND, traceBackend } from './trace-backend';
import { sameShape, type TraceTensorInfo, type TraceValue } from './value';

export interface GraphOutput {
  readonly name: string;
  readonly value: TraceValue;
}

/** A program written down: what it reads, computes and returns. */
export interface Recording {
  readonly name: string;
  readonly graph: Graph;
  readonly inputs: readonly TraceValue[];
  readonly state: readonly TraceValue[];
  readonly outputs: readonly GraphOutput[];
  /** Next values of state tensors. */
  readonly nextState: readonly GraphOutput[];
}

/** Prefix that keeps state tensors apart from inputs of the same name. */
const STATE_PREFIX = 'state.';
const NEXT_PREFIX = 'next.';
const OUTPUT_PREFIX = 'output.';

export const graphNames = {
  state: (name: string): string => STATE_PREFIX + name,
  next: (name: string): string => NEXT_PREFIX + name,
  output: (name: string): string => OUTPUT_PREFIX + name,
};

/** Calls the program's body once, with tensors that have no numbers, and keeps the operations that it asked for. */
export function record(program: Program, stateSpecs: readonly TensorSpec[]): Recording {
  registerTraceKernels();
  const graph = new Graph();
  const inputs = program.inputs.map(({ name, shape, dtype = 'float32' }) => graph.input(name, shape, dtype));
  const used = (program.state ?? []).map((name) => specOf(program, stateSpecs, name));
  const state = used.map(({ name, shape, dtype = 'float32' }) => graph.input(graphNames.state(name), shape, dtype));
  const previous = tf.getBackend();
  void tf.engine().setBackend(TRACE_BACKEND);
  tf.engine().startScope(program.name);
  try {
    return traceBackend.record(graph, () => {
      const result = program.body(handles(program.inputs, inputs), handles(used, state));
      const outputs = Object.entries(result.outputs).map(([name, tensor]) => ({ name, value: valueOf(graph, tensor) }));
      const nextState = [...(result.state ?? [])].map(([name, tensor]) => {
        checkNext(program, specOf(program, used, name), tensor);
        return { name, value: valueOf(graph, tensor) };
      });
      return { name: program.name, graph, inputs, state, outputs, nextState };
    });
  } finally {
    tf.engine().endScope();
    if (previous) void tf.engine().setBackend(previous);
  }
}

/** The zero that barriers read; fed with every run of a graph that has one. */
export { ZERO_INPUT };

function handles(specs: readonly TensorSpec[], values: readonly TraceValue[]): NamedTensors {
  return new NamedTensors(new Map(specs.map(({ name }, i) => [name, traceBackend.tensor(values[i] as TraceValue)])));
}

function valueOf(graph: Graph, tensor: tf.Tensor): TraceValue {
  const value = (tensor as unknown as TraceTensorInfo).dataId;
  return sameShape(value.shape, tensor.shape) ? value : graph.reshape(value, tensor.shape);
}

function specOf(program: Program, specs: readonly TensorSpec[], name: string): TensorSpec {
  const spec = specs.find((candidate) => candidate.name === name);
  if (spec !== undefined) return spec;
  throw new ComputeError(
    'COMPUTE.STATE_MISSING',
    `program ${program.name} uses state "${name}", which the bound state does not hold`,
  );
}

function checkNext(program: Program, spec: TensorSpec, tensor: tf.Tensor): void {
  if (sameShape(spec.shape, tensor.shape) && tensor.dtype === (spec.dtype ?? 'float32')) return;
  throw new ComputeError(
    'COMPUTE.STATE_SHAPE',
    `program ${program.name}: next value of state "${spec.name}" must be ${spec.dtype ?? 'float32'} [${spec.shape.join(', ')}], ` +
      `got ${tensor.dtype} [${tensor.shape.join(', ')}]`,
  );
}
