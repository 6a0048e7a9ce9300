import { ComputeError } from '../../compute.errors';
import { tf } from '../../tf';
import { type Graph } from '../graph';
import { TRACE_BACKEND, traceBackend, traceDtype } from '../trace-backend';
import { type TraceDtype, type TraceTensorInfo, type TraceValue } from '../value';

/** What a kernel of the trace backend gets: the values of its inputs by TensorFlow.js' names, and its attributes. */
export interface KernelCall {
  readonly graph: Graph;
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, TraceValue>>;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Registers how one TensorFlow.js kernel is written into the graph. */
export function traceKernel(kernel: string, write: (call: KernelCall) => TraceValue | TraceValue[]): void {
  tf.registerKernel({
    kernelName: kernel,
    backendName: TRACE_BACKEND,
    kernelFunc: ({ inputs, attrs }) => {
      const values = Object.fromEntries(
        Object.entries(inputs).map(([name, info]) => [name, withShape(info as TraceTensorInfo)]),
      );
      const result = write({ graph: traceBackend.graph, kernel, inputs: values, attributes: attrs ?? {} });
      const given = new Set(Object.values(inputs).map((info) => (info as TraceTensorInfo).dataId));
      for (const value of Array.isArray(result) ? result : [result]) {
        if (given.has(value)) traceBackend.incRef(value);
      }
      return Array.isArray(result) ? result.map(tensorInfo) : tensorInfo(result);
    },
  });
}

/** TensorFlow.js reshapes a tensor by giving the same data another shape; the graph needs a node for it. */
function withShape(info: TraceTensorInfo): TraceValue {
  const value = info.dataId;
  const same = value.shape.length === info.shape.length && value.shape.every((n, axis) => n === info.shape[axis]);
  return same ? value : traceBackend.graph.reshape(value, info.shape);
}

function tensorInfo(value: TraceValue): tf.TensorInfo {
  return { dataId: value, shape: [...value.shape], dtype: value.dtype as tf.DataType };
}

export function input(call: KernelCall, name: string): TraceValue {
  const value = call.inputs[name];
  if (value === undefined) {
    throw new ComputeError(
      'COMPUTE.UNSUPPORTED_ATTRIBUTE',
      `kernel ${call.kernel} was called without its input "${name}"`,
    );
  }
  return value;
}

export function numberAttribute(call: KernelCall, name: string): number {
  const value = call.attributes[name];
  if (typeof value === 'number') return value;
  throw badAttribute(call, name, 'a number');
}

export function numbersAttribute(call: KernelCall, name: string): number[] {
  const value = call.attributes[name];
  if (typeof value === 'number') return [value];
  if (Array.isArray(value) && value.every((item) => typeof item === 'number')) return [...value];
  throw badAttribute(call, name, 'a list of numbers');
}

export function dtypeAttribute(call: KernelCall, name: string): Exclude<TraceDtype, 'int64'> {
  return traceDtype(call.attributes[name] as tf.DataType);
}

export function badAttribute(call: KernelCall, name: string, expected: string): ComputeError {
  return new ComputeError(
    'COMPUTE.UNSUPPORTED_ATTRIBUTE',
    `kernel ${call.kernel} cannot be traced with ${name} = ${JSON.stringify(call.attributes[name])}: expected ${expected}`,
    { details: { kernel: call.kernel, attribute: name } },
  );
}

/** Every kernel that TensorFlow.js knows and the trace backend does not: a named error in place of a silent gap. */
export function refuseOtherKernels(): void {
  const traced = new Set(tf.getKernelsForBackend(TRACE_BACKEND).map(({ kernelName }) => kernelName));
  for (const { kernelName } of tf.getKernelsForBackend('cpu')) {
    if (traced.has(kernelName)) continue;
    traceKernel(kernelName, () => {
      throw new ComputeError(
        'COMPUTE.UNTRACEABLE_KERNEL',
        `TensorFlow.js kernel ${kernelName} cannot be traced to ONNX. Write the program with other operations ` +
          '(docs/architecture.md lists the traced ones), or run it on the tensorflow, wasm or js engine',
        { details: { kernel: kernelName } },
      );
    });
  }
}
